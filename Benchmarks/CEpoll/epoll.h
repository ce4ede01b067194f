// Swift's Glibc module leaves epoll(7) out.
#include <sys/epoll.h>
