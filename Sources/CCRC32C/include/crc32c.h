#ifndef CRC32C_H
#define CRC32C_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// Whether this processor has an instruction for CRC-32C: SSE4.2, or the CRC extension of ARMv8.
bool crc32c_has_instruction(void);

/// Goes on with a checksum by that instruction, which has to be there; not inverted at either end.
uint32_t crc32c_by_instruction(uint32_t crc, const void *bytes, size_t count);

#endif
