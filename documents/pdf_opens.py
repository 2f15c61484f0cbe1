"""Whether qpdf opens the file on standard input without a password: exit code 0, or something else.

Run as a program by ``documents.uploads``, never imported: a few hundred bytes of PDF may ask for gigabytes when they are
read (filters inside filters), so whoever reads a stranger's file does it in a process that the system stops.
"""

import resource
import sys

import pikepdf

MEMORY, SECONDS = 384 * 1024 * 1024, 5

if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    pikepdf.open(sys.stdin.buffer, access_mode=pikepdf.AccessMode.stream)
