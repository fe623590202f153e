"""The package that travels between authorities: sealed, signed, and small.

    age file, to the other authority's key alone
    └── zip, stored, two members in this order
        ├── manifest.note    a signed note cme-gateway-manifest/1: from, to, id, kind, sha256, size, created, expires
        └── payload.json     canonical JSON: keys sorted, no spaces, UTF-8
"""

from schemas.package.courier import PackageCourier

__all__ = ["PackageCourier"]
