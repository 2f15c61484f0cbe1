"""The files of the demonstration: blank pages with a title, and one with a digital signature.

The signature is a true one, of a certificate that nobody vouches for: its authority says in its name that it is invented, and
the keys of both are forgotten as soon as they have signed.
"""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from io import BytesIO
from typing import Any

import pikepdf
from asn1crypto import keys
from asn1crypto import x509 as asn1
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import SigSeedSubFilter
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner, SimpleSigner
from pyhanko_certvalidator.registry import SimpleCertificateStore

AUTHORITY = "Autorità dimostrativa inventata"
NOBODY = "TINIT-DMSTVA00A00X000X"
"""In the place of a tax code (ETSI EN 319 412-1): no person's has these digits."""
YEAR = timedelta(days=365)


def blank_pdf(title: str) -> bytes:
    out = BytesIO()
    with pikepdf.new() as document:
        document.add_blank_page()
        document.docinfo["/Title"] = title
        document.save(out)
    return out.getvalue()


def signed_pdf(title: str, given_name: str, surname: str, *, at: datetime) -> bytes:
    """A page that an invented person signed inside (PAdES) at ``at``."""
    authority_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    issuer = _name({NameOID.COMMON_NAME: AUTHORITY, NameOID.ORGANIZATION_NAME: AUTHORITY})
    subject = _name(
        {
            NameOID.COMMON_NAME: f"{surname} {given_name}",
            NameOID.GIVEN_NAME: given_name,
            NameOID.SURNAME: surname,
            NameOID.SERIAL_NUMBER: NOBODY,
        }
    )
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(at - YEAR)
        .not_valid_after(at + 2 * YEAR)
        .add_extension(_for_signing(), critical=True)
        .sign(authority_key, hashes.SHA256())
    )
    signer = _SignerAt(
        PdfSignatureMetadata(field_name="Firma", subfilter=SigSeedSubFilter.PADES, md_algorithm="sha256"),
        SimpleSigner(
            signing_cert=asn1.Certificate.load(certificate.public_bytes(serialization.Encoding.DER)),
            signing_key=keys.PrivateKeyInfo.load(
                key.private_bytes(serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
            ),
            cert_registry=SimpleCertificateStore(),
        ),
    )
    signer.at = at
    return asyncio.run(signer.async_sign_pdf(IncrementalPdfFileWriter(BytesIO(blank_pdf(title))))).getvalue()


class _SignerAt(PdfSigner):
    """Signs at another moment than now: the demonstration tells of days that have passed."""

    at: datetime

    def init_signing_session(self, *args: Any, **options: Any) -> Any:
        session = super().init_signing_session(*args, **options)
        session.system_time = self.at
        return session


def _name(parts: dict[x509.ObjectIdentifier, str]) -> x509.Name:
    return x509.Name([x509.NameAttribute(kind, text) for kind, text in parts.items()])


def _for_signing() -> x509.KeyUsage:
    names = ("digital_signature", "key_encipherment", "data_encipherment", "key_agreement", "key_cert_sign", "crl_sign")
    return x509.KeyUsage(content_commitment=True, **dict.fromkeys((*names, "encipher_only", "decipher_only"), False))
