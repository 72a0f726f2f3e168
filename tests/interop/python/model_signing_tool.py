"""The command line of model-signing, as its users run it.

Version 1.1.1 imports pyOpenSSL without asking for it; only its certificate method, which is not used here, needs it. Where it is missing
an empty module stands in, so that everything else is the tool itself.
"""

import sys
import types

try:
    import OpenSSL  # noqa: F401
except ImportError:
    package = types.ModuleType("OpenSSL")
    package.crypto = types.ModuleType("OpenSSL.crypto")
    sys.modules["OpenSSL"] = package
    sys.modules["OpenSSL.crypto"] = package.crypto

from model_signing._cli import main

main()
