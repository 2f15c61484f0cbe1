"""Digital signatures for the tests: authorities and people made on the spot, and files that they sign."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from io import BytesIO

import pikepdf
import time_machine
from asn1crypto import cms, keys
from asn1crypto import x509 as asn1
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from pyhanko.pdf_utils.generic import NameObject, NumberObject
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import SigSeedSubFilter
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner, PdfTimeStamper, SimpleSigner
from pyhanko.sign.signers.pdf_cms import PdfCMSSignedAttributes
from pyhanko.sign.timestamps.dummy_client import DummyTimeStamper
from pyhanko_certvalidator.registry import SimpleCertificateStore

FOREVER = (datetime(2010, 1, 1, tzinfo=UTC), datetime(2040, 1, 1, tzinfo=UTC))


@dataclass(frozen=True)
class Identity:
    """A certificate, its key, and the certificates of those above it."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey
    above: tuple[x509.Certificate, ...] = ()

    @property
    def asn1(self) -> asn1.Certificate:
        return asn1.Certificate.load(self.certificate.public_bytes(serialization.Encoding.DER))

    @property
    def pem(self) -> bytes:
        return self.certificate.public_bytes(serialization.Encoding.PEM)

    @property
    def signer(self) -> SimpleSigner:
        store = SimpleCertificateStore()
        for certificate in self.above:
            store.register(asn1.Certificate.load(certificate.public_bytes(serialization.Encoding.DER)))
        return SimpleSigner(signing_cert=self.asn1, signing_key=self.private, cert_registry=store)

    @property
    def private(self) -> keys.PrivateKeyInfo:
        return keys.PrivateKeyInfo.load(
            self.key.private_bytes(serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        )


@cache
def authority(name: str, above: Identity | None = None) -> Identity:
    """A certification authority, on its own or below another one."""
    subject = _name(common_name=name, organisation="Autorità di prova S.p.A.")
    return _issue(subject, above, FOREVER, [(x509.BasicConstraints(ca=True, path_length=None), True)], _CA)


@cache
def person(
    by: Identity,
    given_name: str = "Mario",
    surname: str = "Rossi",
    serial_number: str = "TINIT-RSSMRA80A01F205X",
    validity: tuple[datetime, datetime] = FOREVER,
) -> Identity:
    """Somebody whose certificate of signature ``by`` vouches for, in the manner of the Italian providers."""
    subject = _name(common_name=f"{surname} {given_name}", given_name=given_name, surname=surname, serial_number=serial_number)
    return _issue(subject, by, validity, [(x509.BasicConstraints(ca=False, path_length=None), True)], _SIGNATURE)


@cache
def clock(by: Identity) -> Identity:
    """Who signs time stamps, with RSA: the only key that pyHanko's stamper of tests takes."""
    usage = (x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), True)
    return _issue(
        _name(common_name="Marca di prova"), by, FOREVER, [usage], _SIGNATURE, key=rsa.generate_private_key(65537, 2048)
    )


def plain_pdf() -> bytes:
    content = BytesIO()
    with pikepdf.new() as document:
        document.add_blank_page()
        document.save(content)
    return content.getvalue()


def pades(pdf: bytes, who: Identity, *, at: datetime, stamped_by: Identity | None = None, field: str = "Firma1") -> bytes:
    """``pdf`` signed inside, in an update of its own."""
    meta = PdfSignatureMetadata(field_name=field, subfilter=SigSeedSubFilter.PADES, md_algorithm="sha256")
    with time_machine.travel(at, tick=False):
        signer = PdfSigner(meta, who.signer, timestamper=_stamper(stamped_by, at))
        return asyncio.run(signer.async_sign_pdf(IncrementalPdfFileWriter(BytesIO(pdf)))).getvalue()


def stamped(pdf: bytes, clock: Identity, *, at: datetime) -> bytes:
    """``pdf`` with a time stamp of the whole document."""
    with time_machine.travel(at, tick=False):
        stamper = PdfTimeStamper(_stamper(clock, at))
        made = stamper.async_timestamp_pdf(IncrementalPdfFileWriter(BytesIO(pdf)), "sha256")
        return asyncio.run(made).getvalue()


def cades(data: bytes, *people: Identity, at: datetime, stamped_by: Identity | None = None) -> bytes:
    """``data`` inside an envelope signed by ``people``, side by side: a ``.p7m`` in DER."""
    first, *others = (_envelope(data, who, at, stamped_by) for who in people)
    for other in others:
        for part in ("signer_infos", "certificates"):
            for item in other["content"][part]:
                first["content"][part].append(item)
    return first.dump(force=True)


def detached(data: bytes, who: Identity, *, at: datetime) -> bytes:
    return _envelope(data, who, at, None, detached=True).dump()


def changed(pdf: bytes) -> bytes:
    """``pdf`` with another page, added after whatever it carries without touching a byte of it."""
    writer = IncrementalPdfFileWriter(BytesIO(pdf))
    page = writer.root["/Pages"]["/Kids"][0].get_object()

    page[NameObject("/Rotate")] = NumberObject(90)
    writer.update_container(page)
    content = BytesIO()
    writer.write(content)
    return content.getvalue()


def streamed(envelope: bytes) -> bytes:
    """The same envelope in BER as a program writes it that does not know the length beforehand: without lengths, and with
    the content in two pieces."""
    content = cms.ContentInfo.load(envelope)["content"]
    data = bytes(content["encap_content_info"]["content"])
    half = len(data) // 2
    pieces = b"".join(_tagged(0x04, piece) for piece in (data[:half], data[half:]))
    inside = _open(0x30, _DATA + _open(0xA0, _open(0x24, pieces)))
    parts = [content[name].dump() for name in ("version", "digest_algorithms")]
    rest = [content[name].dump() for name in ("certificates", "signer_infos")]
    return _open(0x30, _SIGNED_DATA + _open(0xA0, _open(0x30, b"".join([*parts, inside, *rest]))))


def _envelope(
    data: bytes, who: Identity, at: datetime, stamped_by: Identity | None, *, detached: bool = False
) -> cms.ContentInfo:
    return asyncio.run(
        who.signer.async_sign_general_data(
            data,
            "sha256",
            detached=detached,
            use_cades=True,
            timestamper=_stamper(stamped_by, at),
            signed_attr_settings=PdfCMSSignedAttributes(signing_time=at),
        )
    )


def _stamper(clock: Identity | None, at: datetime) -> DummyTimeStamper | None:
    return clock and DummyTimeStamper(clock.asn1, clock.private, fixed_dt=at)


def _name(**parts: str) -> x509.Name:
    kinds = {
        "common_name": NameOID.COMMON_NAME,
        "given_name": NameOID.GIVEN_NAME,
        "surname": NameOID.SURNAME,
        "serial_number": NameOID.SERIAL_NUMBER,
        "organisation": NameOID.ORGANIZATION_NAME,
    }
    return x509.Name([x509.NameAttribute(kinds[kind], text) for kind, text in parts.items() if text])


def _issue(subject, above, validity, extensions, usage, key=None) -> Identity:
    key = key or ec.generate_private_key(ec.SECP256R1())
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(above.certificate.subject if above else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(validity[0])
        .not_valid_after(validity[1])
        .add_extension(usage, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )
    for extension, critical in extensions:
        made = made.add_extension(extension, critical=critical)
    signed = made.sign(above.key if above else key, hashes.SHA256())
    return Identity(signed, key, (above.certificate, *above.above) if above else ())


def _usage(**on: bool) -> x509.KeyUsage:
    names = ("digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement")
    more = ("key_cert_sign", "crl_sign", "encipher_only", "decipher_only")
    return x509.KeyUsage(**{name: on.get(name, False) for name in (*names, *more)})


def _tagged(tag: int, content: bytes) -> bytes:
    size = len(content)
    length = bytes([size]) if size < 128 else b"\x84" + size.to_bytes(4, "big")
    return bytes([tag]) + length + content


def _open(tag: int, content: bytes) -> bytes:
    return bytes([tag, 0x80]) + content + b"\0\0"


_CA = _usage(key_cert_sign=True, crl_sign=True)
_SIGNATURE = _usage(content_commitment=True)
_DATA, _SIGNED_DATA = bytes.fromhex("06092a864886f70d010701"), bytes.fromhex("06092a864886f70d010702")
