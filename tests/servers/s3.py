"""A real S3 server: Ceph's radosgw over one monitor, one manager and one storage daemon, all on loopback.

Signatures, presigned addresses, multipart and versions are the real thing. Simulators that were tried accept wrong
signatures, so a test against them would say nothing about who can read a document.
"""

from __future__ import annotations

import os
import shutil
import time
import urllib.error
import urllib.parse
import urllib.request
import uuid
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import boto3
from botocore.config import Config

from tests.servers.processes import Failed, NotInstalled, free_port, process, run

PACKAGES = {
    "ceph-authtool": "ceph-common",
    "ceph-mon": "ceph-mon",
    "ceph-mgr": "ceph-mgr",
    "ceph-osd": "ceph-osd",
    "radosgw": "radosgw",
}
KEY, SECRET, BUCKET = "testkey", "testsecret", "bando"


def programs() -> None:
    """NotInstalled, naming the Debian packages, unless everything is there."""
    missing = [package for program, package in PACKAGES.items() if not shutil.which(program)]
    if missing:
        raise NotInstalled(f"a real S3 server is not installed (Debian: {' '.join(missing)})")


def client(address: str):
    """A boto3 client for the address that `running` yields."""
    url = urllib.parse.urlsplit(address)
    return boto3.client(
        "s3",
        endpoint_url=f"http://{url.hostname}:{url.port}",
        aws_access_key_id=url.username,
        aws_secret_access_key=url.password,
        region_name="us-east-1",
        config=Config(signature_version="s3v4", s3={"addressing_style": "path"}),
    )


@contextmanager
def running(folder: Path) -> Iterator[str]:
    """Yield the address of an empty bucket, ``s3://key:secret@127.0.0.1:port/bucket?tls=0``. It takes about 20 s."""
    programs()
    port, cluster, osd = free_port(), uuid.uuid4(), uuid.uuid4()
    monitors = f"[v2:127.0.0.1:{free_port()},v1:127.0.0.1:{free_port()}]"
    keyring = folder / "keyring"
    for name in ("mon", "osd", "mgr", "rgw", "log"):
        (folder / name).mkdir()
    configuration = folder / "ceph.conf"
    configuration.write_text(CONFIGURATION.format(folder=folder, port=port, cluster=cluster, monitors=monitors))
    environment = {**os.environ, "CEPH_CONF": str(configuration)}

    for name, rights in RIGHTS.items():
        new = [] if keyring.exists() else ["--create-keyring"]
        run("ceph-authtool", *new, keyring, "--gen-key", "-n", name, *rights, env=environment)
    monitor_map = folder / "monmap"
    run("monmaptool", "--create", "--addv", "a", monitors, "--fsid", cluster, monitor_map, env=environment)
    run("ceph-mon", "--mkfs", "-i", "a", "--monmap", monitor_map, "--keyring", keyring, env=environment)

    def daemon(name: str, *command: object, ready=lambda: True, within: float = 180):
        return process(*command, log=folder / "log" / f"{name}.out", ready=ready, within=within, env=environment)

    with ExitStack() as daemons:
        daemons.enter_context(daemon("mon", "ceph-mon", "-f", "-i", "a"))
        run("ceph", "auth", "import", "-i", keyring, env=environment)  # waits for the monitor by itself
        run("ceph", "osd", "new", osd, env=environment)
        daemons.enter_context(daemon("mgr", "ceph-mgr", "-f", "-i", "x"))
        run("ceph-osd", "-i", "0", "--mkfs", "--osd-uuid", osd, env=environment)
        daemons.enter_context(
            daemon("osd", "ceph-osd", "-f", "-i", "0", ready=lambda: "1 up" in run("ceph", "osd", "stat", env=environment))
        )
        daemons.enter_context(daemon("rgw", "radosgw", "-f", "-n", "client.rgw.t", ready=lambda: answers(port)))
        run(
            *("radosgw-admin", "user", "create", "--uid=t", "--display-name=t"),
            *(f"--access-key={KEY}", f"--secret-key={SECRET}"),
            env=environment,
        )
        address = f"s3://{KEY}:{SECRET}@127.0.0.1:{port}/{BUCKET}?tls=0"
        make_bucket(address)
        yield address


def answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=5) as answer:
            return answer.status == 200
    except (urllib.error.URLError, OSError):
        return False


def make_bucket(address: str) -> None:
    """The first write makes the pools, which a busy machine may refuse for some seconds."""
    for _ in range(60):
        try:
            client(address).create_bucket(Bucket=BUCKET)
            return
        except Exception as refusal:  # botocore's own tree of errors: any of them may pass with time
            last = refusal
            time.sleep(0.5)
    raise Failed(f"radosgw answers, but makes no bucket: {last}")


RIGHTS = {
    "mon.": ["--cap", "mon", "allow *"],
    "client.admin": ["--cap", "mon", "allow *", "--cap", "osd", "allow *", "--cap", "mgr", "allow *"],
    "osd.0": ["--cap", "mon", "allow profile osd", "--cap", "osd", "allow *", "--cap", "mgr", "allow profile osd"],
    "mgr.x": ["--cap", "mon", "allow profile mgr", "--cap", "osd", "allow *"],
    "client.rgw.t": ["--cap", "mon", "allow rw", "--cap", "osd", "allow rwx", "--cap", "mgr", "allow rw"],
}

# One copy of everything, on a sparse file, and no objection to a disk that is nearly full: it holds the files of some tests.
CONFIGURATION = """\
[global]
fsid = {cluster}
mon host = {monitors}
mon initial members = a
public addr = 127.0.0.1
cluster addr = 127.0.0.1
auth cluster required = cephx
auth service required = cephx
auth client required = cephx
keyring = {folder}/keyring
osd pool default size = 1
osd pool default min size = 1
mon allow pool size one = true
osd pool default pg num = 4
osd pool default pgp num = 4
osd pool default pg autoscale mode = off
mon max pg per osd = 2000
osd crush chooseleaf type = 0
osd objectstore = bluestore
bluestore block size = 4294967296
osd memory target = 939524096
run dir = {folder}
admin socket = {folder}/$name.asok
log file = {folder}/log/$name.log
mon data avail crit = 1
mon data avail warn = 2
[mon.a]
mon data = {folder}/mon
[osd.0]
osd data = {folder}/osd
[mgr.x]
mgr data = {folder}/mgr
[client.rgw.t]
rgw data = {folder}/rgw
rgw frontends = beast endpoint=127.0.0.1:{port}
rgw thread pool size = 64
rgw run sync thread = false
"""
