"""Makes a new secret key: the next refresh builds all months anew, under new customer keys.

    python -m scripts.privacy.rotate_key [--keep-mapping DAYS]

Whoever kept customer keys outside (campaign lists, case files) can be given a mapping from the old keys to the new:
--keep-mapping writes it to $DEPOSITS_HOME/keys/key_mapping.duckdb (table main.key_mapping), for so many days. As long
as it is there the old keys are as good as the new ones: hand it out with care. The first refresh or rotation
afterwards removes it.

When the key comes from DEPOSITS_KEY, hand in the next one as DEPOSITS_NEW_KEY: the mapping is written, and the key
itself is changed where it is kept. Releases of before keep the old customer keys until they go
(DEPOSITS_KEEP_RELEASES).

exit codes: 0 done; 2 wrong arguments or settings, nothing was changed; 3 a refresh of this home is running
"""

from __future__ import annotations

import argparse
import os
import secrets
import sys
from datetime import UTC, datetime, timedelta

import duckdb

from scripts.keys import customer_key, ensure_keys, read_key, write_secret
from scripts.privacy.key_mapping import mapping_file, write_mapping
from scripts.refresh.lock import refresh_lock
from scripts.refresh.outcome import ExitCode, RefreshError
from scripts.settings import Settings, read_settings

KEY_BYTES = 32


def main(arguments: list[str] | None = None) -> int:
    """Runs the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--keep-mapping", type=int, default=0, metavar="DAYS", help="from old keys to new, so long")
    options = parser.parse_args(arguments)
    if options.keep_mapping < 0:
        parser.error("--keep-mapping takes a number of days")
    settings = read_settings()
    try:
        with refresh_lock(settings.home):
            rotate(settings, options.keep_mapping)
    except (RefreshError, ValueError) as error:
        print(str(error), file=sys.stderr)
        return error.code if isinstance(error, RefreshError) else ExitCode.USAGE
    return 0


def rotate(settings: Settings, mapping_days: int = 0) -> None:
    """The mapping first, then the key: a crash in between changes no key."""
    old, new = read_key(settings), os.environ.get("DEPOSITS_NEW_KEY")
    is_kept_outside = bool(os.environ.get("DEPOSITS_KEY"))
    if is_kept_outside and not new:
        raise ValueError("The key comes from DEPOSITS_KEY: hand in the next one as DEPOSITS_NEW_KEY. Nothing changed.")
    new = new or secrets.token_hex(KEY_BYTES)
    if new == old:
        raise ValueError("The new key is the old one. Nothing was changed.")
    mapping_file(settings).unlink(missing_ok=True)
    if mapping_days:
        count = _write_mapping(settings, old, new, mapping_days)
        print(f"Mapping of {count} customer keys, for {mapping_days} days: {mapping_file(settings)}")
    if is_kept_outside:
        print("Now set DEPOSITS_KEY to the new key, where it is kept, and refresh.")
        return
    write_secret(settings, new)
    ensure_keys(settings)
    print("The key is new; the next refresh builds all months anew. Releases of before keep the old customer keys.")


def _write_mapping(settings: Settings, old: str, new: str, days: int) -> int:
    """The keys of all customer records that the last build accepted; never a customer number."""
    if not settings.quarantine_file.exists():
        raise ValueError("There is no build whose customers could be mapped: refresh first. Nothing was changed.")
    query = "select customer_id from quarantine.quarantine.party_members order by 1"
    with duckdb.connect(str(settings.quarantine_file), read_only=True) as connection:
        numbers = [number for (number,) in connection.execute(query).fetchall()]
    expires_at = datetime.now(UTC).replace(tzinfo=None, microsecond=0) + timedelta(days=days)
    write_mapping(settings, [(customer_key(old, number), customer_key(new, number), expires_at) for number in numbers])
    return len(numbers)


if __name__ == "__main__":
    sys.exit(main())
