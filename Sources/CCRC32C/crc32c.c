// Swift has no way to say that one function alone may use an instruction that not every processor has.
#include "crc32c.h"

#include <string.h>

#if defined(__x86_64__)

#define CRC32C_TARGET __attribute__((target("sse4.2")))
#define CRC32C_WORD(crc, word) ((uint32_t)__builtin_ia32_crc32di((crc), (word)))
#define CRC32C_BYTE(crc, byte) __builtin_ia32_crc32qi((crc), (byte))

bool crc32c_has_instruction(void) { return __builtin_cpu_supports("sse4.2"); }

#elif defined(__aarch64__) && defined(__linux__) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__

#include <asm/hwcap.h>
#include <sys/auxv.h>

#define CRC32C_TARGET __attribute__((target("crc")))
#define CRC32C_WORD(crc, word) __builtin_arm_crc32cd((crc), (word))
#define CRC32C_BYTE(crc, byte) __builtin_arm_crc32cb((crc), (byte))

bool crc32c_has_instruction(void) { return (getauxval(AT_HWCAP) & HWCAP_CRC32) != 0; }

#else

bool crc32c_has_instruction(void) { return false; }

uint32_t crc32c_by_instruction(uint32_t crc, const void *bytes, size_t count) {
  (void)bytes;
  (void)count;
  return crc;
}

#endif

#ifdef CRC32C_TARGET

CRC32C_TARGET uint32_t crc32c_by_instruction(uint32_t crc, const void *bytes, size_t count) {
  const unsigned char *next = bytes;
  for (; count >= 8; count -= 8, next += 8) {
    uint64_t word;
    memcpy(&word, next, sizeof word);
    crc = CRC32C_WORD(crc, word);
  }
  for (; count > 0; count--, next++) crc = CRC32C_BYTE(crc, *next);
  return crc;
}

#endif
