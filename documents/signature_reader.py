"""What the digital signatures of a file say, as JSON on standard output. The file comes on standard input.

Run as a program by ``documents.signatures``, never imported by it: whoever reads a stranger's file does it in a process that
the system stops. Arguments: the moment of receipt (ISO 8601, with its zone) and the folder of the trusted authorities' PEM
certificates, or ``-``.

PAdES is a signature inside a PDF, CAdES a file inside its signature (``.p7m``, which may hold a ``.p7m``, which may hold a
PDF); for the administration they are worth the same (Cass. SU 10266/2018). A certificate is judged at the moment of receipt
and not at that of reading. Nobody is asked over the network: revocation is not checked.
"""

from __future__ import annotations

import asyncio
import io
import json
import re
import resource
import sys
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, BinaryIO

from asn1crypto import cms, core, pem, tsp, x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import DiffResult, ModificationLevel
from pyhanko.sign.general import check_ess_certid
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko.sign.validation.generic_cms import (
    extract_self_reported_ts,
    extract_tst_data_iter,
    get_signing_cert_attr,
    validate_sig_integrity,
)
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko_certvalidator import CertificateValidator, ValidationContext
from pyhanko_certvalidator.errors import (
    InvalidCertificateError,
    PathBuildingError,
    PathValidationError,
    ValidationError,
)

MEMORY, SECONDS = 1024 * 1024 * 1024, 20
DEEPEST = 5
"""Envelopes inside envelopes that are opened."""
MOST = 50
"""Signatures of one file that are read."""
TAX_CODE = re.compile(r"(?:TINIT-|IT:|CF:)?([A-Z]{6}[0-9LMNP-V]{2}[A-Z][0-9LMNP-V]{2}[A-Z][0-9LMNP-V]{3}[A-Z]|[0-9]{11})")
"""A person's tax code, or a body's, as ``serialNumber`` holds it: bare, or after the prefix of ETSI EN 319 412-1."""


class Unreadable(Exception):
    """The file is not what it seems: ``code`` is ``unreadable``, ``detached`` or ``deep``."""

    def __init__(self, code: str):
        super().__init__(code)
        self.code = code


def report(data: bytes, *, received_at: datetime, trusted: Sequence[x509.Certificate] = ()) -> dict[str, Any]:
    """``{"signatures": [...], "fault": ""}``. Each signature, from the outermost envelope inwards, in the order of the file:

    ``format`` (``cades``, ``pades``, ``stamp`` for a time stamp of a whole PDF), ``who`` (``name``, ``given_name``,
    ``surname``, ``tax_code``, ``organisation``; "" where the certificate does not say), ``issuer``, ``claimed_at`` (the moment
    that the signer's computer wrote, or null), ``stamped_at`` (that of a time stamp which holds, or null) with
    ``stamped_by``, ``intact`` (digest and signature hold), ``later`` (``none``; ``allowed``: the PDF was added to in a way
    that a signature lets be, as a second one; ``changed``), ``valid_from``, ``valid_to``, ``in_force`` (at ``received_at``),
    ``known`` (its chain ends at a trusted authority). ``fault`` is ``unreadable``, ``detached`` (a signature without the
    file that it signs), ``deep`` or "", and what was read until then stays."""
    signatures: list[dict[str, Any]] = []
    reader = _Reader(received_at, trusted)
    fault = ""
    try:
        for found in reader.read(data):
            signatures.append(found)
            if len(signatures) == MOST:
                break
    except Unreadable as known:
        fault = known.code
    except Exception:  # the libraries have no common error, and a stranger's file may draw any of theirs
        fault = "unreadable"
    return {"signatures": signatures, "fault": fault}


def certificates(folder: Path) -> list[x509.Certificate]:
    """Every certificate of the ``.pem`` and ``.crt`` files of a folder; ValueError for one that is none."""
    found = []
    for path in sorted(folder.iterdir()):
        if path.suffix in {".pem", ".crt"}:
            for _name, _headers, content in pem.unarmor(path.read_bytes(), multiple=True):
                found.append(x509.Certificate.load(content))
    return found


class _Reader:
    def __init__(self, received_at: datetime, trusted: Sequence[x509.Certificate]):
        self.received_at, self.trusted = received_at, list(trusted)

    def read(self, data: bytes, depth: int = 0) -> Iterator[dict[str, Any]]:
        if data[:5] == b"%PDF-":
            yield from self._pdf(io.BytesIO(data))
            return
        content = _signed_data(data)
        if content is None:
            if depth == 0:
                raise Unreadable("unreadable")
            return
        if depth == DEEPEST:
            raise Unreadable("deep")
        held = content["encap_content_info"]["content"]
        if held is core.VOID or held.native is None:
            raise Unreadable("detached")
        inside = bytes(held)
        certs = _certificates_in(content)
        kind = content["encap_content_info"]["content_type"].native
        for signer in content["signer_infos"]:
            yield self._told("cades", signer, certs, kind, lambda algorithm: _digest(inside, algorithm), later="none")
        yield from self.read(inside, depth + 1)

    def _pdf(self, file: BinaryIO) -> Iterator[dict[str, Any]]:
        for signature in PdfFileReader(file, strict=False).embedded_signatures:
            certs = _certificates_in(signature.signed_data)
            stamp = signature.sig_object_type == "/DocTimeStamp"
            kind = signature.signed_data["encap_content_info"]["content_type"].native
            if stamp:
                stamped = self._stamp(signature.signed_data, signature.compute_digest)
                told = self._told("stamp", signature.signer_info, certs, kind, None, later=_later(signature))
                # What the stamp's own signer signed is the statement of the time; that it is of this file is in ``stamped``.
                yield told | {"intact": stamped["stamped_at"] is not None} | stamped
            else:
                told = self._told(
                    "pades", signature.signer_info, certs, kind, signature.compute_digest, later=_later(signature)
                )
                yield told | {"claimed_at": told["claimed_at"] or _iso(signature.self_reported_timestamp)}

    def _told(
        self,
        form: str,
        signer: cms.SignerInfo,
        certs: list[x509.Certificate],
        kind: str,
        digest: Callable[[str], bytes] | None,
        *,
        later: str,
    ) -> dict[str, Any]:
        cert = _signer_of(signer, certs)
        told = {
            "format": form,
            "claimed_at": _iso(extract_self_reported_ts(signer)),
            "stamped_at": None,
            "stamped_by": "",
            "intact": cert is not None and digest is not None and _holds(signer, cert, kind, digest),
            "later": later,
            **self._certificate(cert, certs),
        }
        if form != "stamp":
            for token in extract_tst_data_iter(signer, signed=False):
                told |= self._stamp(token, lambda algorithm: _digest(signer["signature"].native, algorithm))
        return told

    def _certificate(self, cert: x509.Certificate | None, others: list[x509.Certificate]) -> dict[str, Any]:
        if cert is None:
            who = dict.fromkeys(("name", "given_name", "surname", "tax_code", "organisation"), "")
            nobody = {"issuer": "", "valid_from": None, "valid_to": None, "in_force": False, "known": False}
            return {"who": who, **nobody}
        starts, ends = cert.not_valid_before, cert.not_valid_after
        return {
            "who": _who(cert.subject),
            "issuer": _issuer(cert.issuer),
            "valid_from": _iso(starts),
            "valid_to": _iso(ends),
            "in_force": starts <= self.received_at <= ends,
            "known": self._known(cert, others),
        }

    def _known(self, cert: x509.Certificate, others: list[x509.Certificate]) -> bool:
        """Does a chain lead from ``cert`` to a trusted authority? An expired certificate is asked about a day on which it
        was in force: who vouches for it is one thing, until when another."""
        if not self.trusted:
            return False
        second = timedelta(seconds=1)
        moment = min(max(self.received_at, cert.not_valid_before + second), cert.not_valid_after - second)
        context = ValidationContext(
            trust_roots=self.trusted, other_certs=others, moment=moment, allow_fetching=False, revocation_mode="soft-fail"
        )
        try:
            asyncio.run(CertificateValidator(cert, validation_context=context).async_validate_path())
        except (PathBuildingError, PathValidationError, InvalidCertificateError, ValidationError):
            return False
        return True

    def _stamp(self, token: cms.SignedData, digest: Callable[[str], bytes]) -> dict[str, Any]:
        """``stamped_at`` and ``stamped_by`` of a time stamp (RFC 3161) that is whole, is of this and comes from a trusted
        authority; null otherwise."""
        nothing = {"stamped_at": None, "stamped_by": ""}
        info = token["encap_content_info"]["content"].parsed
        if not isinstance(info, tsp.TSTInfo):
            return nothing
        certs, signer = _certificates_in(token), token["signer_infos"][0]
        imprint = info["message_imprint"]
        same = imprint["hashed_message"].native == digest(imprint["hash_algorithm"]["algorithm"].native)
        cert = _signer_of(signer, certs)
        statement = bytes(token["encap_content_info"]["content"])
        if not same or cert is None or not _holds(signer, cert, "tst_info", lambda name: _digest(statement, name)):
            return nothing
        purposes = cert.extended_key_usage_value
        if purposes is None or "time_stamping" not in purposes.native or not self._known(cert, certs):
            return nothing
        return {"stamped_at": _iso(info["gen_time"].native), "stamped_by": _issuer(cert.subject)}


def _signed_data(data: bytes) -> cms.SignedData | None:
    """The SignedData of CMS in DER, BER or PEM; None for anything else."""
    if data[:11] == b"-----BEGIN ":
        data = pem.unarmor(data)[2]
    if data[:1] != b"\x30" or bytes.fromhex("06092a864886f70d010702") not in data[:64]:
        return None
    return cms.ContentInfo.load(data)["content"]


def _certificates_in(content: cms.SignedData) -> list[x509.Certificate]:
    held = content["certificates"]
    return [] if held is core.VOID else [choice.chosen for choice in held if choice.name == "certificate"]


def _signer_of(signer: cms.SignerInfo, certs: list[x509.Certificate]) -> x509.Certificate | None:
    """The certificate that the signature names; None when it is not in the file."""
    named = signer["sid"]
    for cert in certs:
        if named.name == "issuer_and_serial_number":
            wanted = named.chosen
            if cert.serial_number == wanted["serial_number"].native and cert.issuer == wanted["issuer"]:
                return cert
        elif cert.key_identifier == named.chosen.native:
            return cert
    return None


def _holds(signer: cms.SignerInfo, cert: x509.Certificate, kind: str, digest: Callable[[str], bytes]) -> bool:
    """Are the digest of the content and the signature of the digest right, for this very certificate?"""
    try:
        actual = digest(signer["digest_algorithm"]["algorithm"].native)
        intact, valid = validate_sig_integrity(signer, cert, kind, actual)
        if signer["signed_attrs"] is not core.VOID and (attribute := get_signing_cert_attr(signer["signed_attrs"])) is not None:
            valid = valid and check_ess_certid(cert, attribute["certs"][0])
    except (SignatureValidationError, InvalidSignature, ValueError, KeyError, TypeError, NotImplementedError):
        return False
    return intact and valid


def _later(signature: EmbeddedPdfSignature) -> str:
    """What was added to the PDF after the signature, judged by pyHanko's policy for incremental updates."""
    try:
        signature.compute_integrity_info()
        found = signature.summarise_integrity_info()
    except Exception:  # a PDF whose changes can't be judged was changed
        return "changed"
    result = found["diff_result"]
    if isinstance(result, DiffResult) and result.modification_level is ModificationLevel.NONE:
        return "none"
    return "allowed" if found["docmdp_ok"] else "changed"


def _digest(data: bytes, algorithm: str) -> bytes:
    made = hashes.Hash(getattr(hashes, algorithm.upper().replace("-", "_"))())
    made.update(data)
    return made.finalize()


def _who(name: x509.Name) -> dict[str, str]:
    """Whose certificate it is. A body's seal carries its own code in ``organization_identifier``."""
    said = name.native
    code = TAX_CODE.fullmatch(_text(said.get("serial_number")).upper())
    return {
        "name": _text(said.get("common_name")),
        "given_name": _text(said.get("given_name")),
        "surname": _text(said.get("surname")),
        "tax_code": code[1] if code else "",
        "organisation": _text(said.get("organization_name")),
    }


def _issuer(name: x509.Name) -> str:
    said = name.native
    parts = (_text(said.get(key)) for key in ("common_name", "organization_name"))
    return ", ".join(dict.fromkeys(filter(None, parts)))


def _text(value: Any) -> str:
    """What a certificate says, fit for a page: one line, at most 200 signs. An attribute may be there more than once."""
    said = " ".join(map(str, value)) if isinstance(value, list) else str(value or "")
    return "".join(sign if sign.isprintable() else " " for sign in said).strip()[:200]


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    _program, moment, folder = sys.argv
    known = [] if folder == "-" else certificates(Path(folder))
    try:
        content = sys.stdin.buffer.read()
    except MemoryError:
        content = b""
    sys.stdout.write(json.dumps(report(content, received_at=datetime.fromisoformat(moment), trusted=known)))
