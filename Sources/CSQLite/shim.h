#include <sqlite3.h>
// mallopt, malloc_trim: what SQLite and the store give back goes to the system.
#include <malloc.h>
