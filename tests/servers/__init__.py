"""Real servers for the tests, on loopback and free ports, with their data in a temporary folder.

PostgreSQL and Ceph's S3 gateway are processes, started once for a whole run of pytest and shared by its workers
(``shared``). The mail server is a thread of the test that asks for it (``smtp``).
"""
