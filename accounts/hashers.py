from django.contrib.auth.hashers import Argon2PasswordHasher


class Argon2idHasher(Argon2PasswordHasher):
    """Argon2id with 19 MiB of memory, two passes, one lane (OWASP password storage cheat sheet).

    Django's own parameters take 100 MiB and many times the processor for each sign-in, which a storm of sign-ins before a
    deadline turns into a stop of the service.
    """

    memory_cost = 19 * 1024
    time_cost = 2
    parallelism = 1
