"""Here are a folder and a fake WeCom's address; be a worker whose answers come late, or never."""

import sys
import threading
from pathlib import Path

from tests.api.wecom.fake import FakeWecom
from tests.api.wecom.rig import Told, serving


def main() -> None:
    """Serve until killed, each answer after the seconds given last; print the address first."""
    fake = FakeWecom()
    fake.url = sys.argv[2]
    told = Told()
    told.go.clear()
    told.remembers = False
    told.wait_s = float(sys.argv[3]) if len(sys.argv) > 3 else 3600.0
    with serving(Path(sys.argv[1]), fake, told) as service:
        sys.stdout.write(f"{service.url}\n")
        sys.stdout.flush()
        threading.Event().wait()


if __name__ == "__main__":
    main()
