"""Here are a folder and a fake WeCom's address; be a worker whose answers never come."""

import sys
import threading
from pathlib import Path

from tests.api.wecom.fake import FakeWecom
from tests.api.wecom.rig import Told, serving


def main() -> None:
    """Serve until killed; the address is the first line printed."""
    fake = FakeWecom()
    fake.url = sys.argv[2]
    told = Told()
    told.go.clear()
    told.wait_s = 3600
    with serving(Path(sys.argv[1]), fake, told) as service:
        sys.stdout.write(f"{service.url}\n")
        sys.stdout.flush()
        threading.Event().wait()


if __name__ == "__main__":
    main()
