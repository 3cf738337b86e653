"""The tables, and what each migration changes in them. What each is for stands in docs/reference/storage.md.

Tables by a text key are WITHOUT ROWID where their rows are short, so that a change costs one page. Foreign
keys are judged at the end of the transaction: a batch may empty a compartment and give it out again.
"""

APPLICATION_ID = 0x4C574B31
"""The letters LWK1 in the header of the file."""

FIRST = (
    "CREATE TABLE meta (key TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT, WITHOUT ROWID",
    "INSERT INTO meta (key, value) VALUES ('epoch', 1), ('openings', 0), ('indexed', 0)",
    """CREATE TABLE event (
        epoch INTEGER NOT NULL,
        seq INTEGER PRIMARY KEY,
        type TEXT NOT NULL,
        v INTEGER NOT NULL,
        at_ms INTEGER NOT NULL,
        mono_ms INTEGER NOT NULL,
        boot TEXT NOT NULL,
        trusted INTEGER NOT NULL,
        intent TEXT NOT NULL,
        actor TEXT NOT NULL,
        subject TEXT NOT NULL,
        body TEXT NOT NULL,
        private_mac TEXT,
        hash BLOB NOT NULL
    ) STRICT""",
    """CREATE TABLE event_subject (
        subject TEXT NOT NULL,
        seq INTEGER NOT NULL,
        PRIMARY KEY (subject, seq)
    ) STRICT, WITHOUT ROWID""",
    """CREATE TRIGGER event_is_never_changed BEFORE UPDATE ON event
    BEGIN
        SELECT RAISE(ABORT, 'events are never changed');
    END""",
    """CREATE TABLE event_private (
        epoch INTEGER NOT NULL,
        seq INTEGER PRIMARY KEY,
        salt BLOB NOT NULL,
        body TEXT NOT NULL
    ) STRICT""",
    """CREATE TABLE intent (
        id TEXT PRIMARY KEY,
        seq INTEGER NOT NULL,
        answer TEXT NOT NULL DEFAULT ''
    ) STRICT, WITHOUT ROWID""",
    "CREATE TABLE cursor (name TEXT PRIMARY KEY, seq INTEGER NOT NULL) STRICT, WITHOUT ROWID",
    """CREATE TABLE compartment (
        id TEXT PRIMARY KEY,
        vacancy TEXT NOT NULL,
        condition TEXT NOT NULL,
        uses INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID""",
    """CREATE TABLE holding (
        compartment TEXT PRIMARY KEY REFERENCES compartment (id) DEFERRABLE INITIALLY DEFERRED,
        recipient TEXT NOT NULL
    ) STRICT, WITHOUT ROWID""",
    """CREATE TABLE delivery (
        id TEXT PRIMARY KEY NOT NULL,
        state TEXT NOT NULL,
        compartment TEXT NOT NULL REFERENCES holding (compartment) DEFERRABLE INITIALLY DEFERRED,
        unit TEXT NOT NULL,
        recipient TEXT NOT NULL,
        carrier TEXT NOT NULL,
        carrier_code TEXT NOT NULL,
        session TEXT NOT NULL,
        size TEXT NOT NULL,
        reserved_at_ms INTEGER NOT NULL,
        stored_at_ms INTEGER,
        due_at_ms INTEGER,
        proof TEXT,
        has_code INTEGER NOT NULL,
        flags TEXT NOT NULL,
        tried TEXT NOT NULL
    ) STRICT""",
    """CREATE TABLE session (
        id TEXT PRIMARY KEY,
        kind TEXT NOT NULL,
        actor TEXT NOT NULL,
        state TEXT NOT NULL,
        started_at_ms INTEGER NOT NULL,
        carrier TEXT,
        carrier_code TEXT,
        staff TEXT,
        delivery TEXT
    ) STRICT, WITHOUT ROWID""",
    """CREATE TABLE incident (
        id TEXT PRIMARY KEY,
        kind TEXT NOT NULL,
        severity TEXT NOT NULL,
        raised_at_ms INTEGER NOT NULL,
        bank TEXT,
        compartment TEXT,
        delivery TEXT
    ) STRICT, WITHOUT ROWID""",
    """CREATE TABLE bucket (
        name TEXT PRIMARY KEY,
        left_over INTEGER NOT NULL,
        boot TEXT NOT NULL,
        mono_ms INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID""",
    """CREATE TABLE credential (
        digest BLOB PRIMARY KEY,
        long_digest BLOB NOT NULL,
        delivery TEXT NOT NULL REFERENCES delivery (id) DEFERRABLE INITIALLY DEFERRED,
        recipient TEXT NOT NULL,
        sealed BLOB NOT NULL
    ) STRICT, WITHOUT ROWID""",
    # Read whole at the start and never by digest, so it needs no key; digests in order of end fill few pages.
    """CREATE TABLE spent_code (
        digest BLOB NOT NULL,
        long_digest BLOB NOT NULL,
        delivery TEXT NOT NULL,
        ended_at_ms INTEGER NOT NULL,
        why TEXT NOT NULL
    ) STRICT""",
    """CREATE TABLE message (
        id TEXT PRIMARY KEY,
        kind TEXT NOT NULL,
        delivery TEXT NOT NULL,
        resident TEXT NOT NULL,
        due_at_ms INTEGER NOT NULL,
        door TEXT NOT NULL,
        detail TEXT NOT NULL,
        tries INTEGER NOT NULL DEFAULT 0,
        put_off_why TEXT NOT NULL DEFAULT '',
        handed_over_at_ms INTEGER
    ) STRICT, WITHOUT ROWID""",
    "CREATE INDEX message_waiting ON message (due_at_ms) WHERE handed_over_at_ms IS NULL",
    "CREATE TABLE unit (id TEXT PRIMARY KEY, label TEXT NOT NULL, mode TEXT NOT NULL) STRICT, WITHOUT ROWID",
    """CREATE TABLE resident (
        id TEXT PRIMARY KEY,
        unit TEXT NOT NULL REFERENCES unit (id) DEFERRABLE INITIALLY DEFERRED,
        name TEXT NOT NULL,
        language TEXT NOT NULL,
        contact TEXT NOT NULL,
        is_accessible INTEGER NOT NULL,
        moved_out_at_ms INTEGER
    ) STRICT, WITHOUT ROWID""",
    "CREATE TABLE carrier (id TEXT PRIMARY KEY, name TEXT NOT NULL) STRICT, WITHOUT ROWID",
    """CREATE TABLE carrier_code (
        id TEXT PRIMARY KEY,
        carrier TEXT NOT NULL REFERENCES carrier (id) DEFERRABLE INITIALLY DEFERRED,
        digest BLOB NOT NULL UNIQUE
    ) STRICT, WITHOUT ROWID""",
    """CREATE TABLE staff (
        id TEXT PRIMARY KEY,
        account TEXT NOT NULL UNIQUE,
        name TEXT NOT NULL,
        pin_hash TEXT
    ) STRICT, WITHOUT ROWID""",
    "PRAGMA application_id = 1280789297",
    "PRAGMA user_version = 1",
)

SECOND = (
    "ALTER TABLE compartment ADD COLUMN may_stand_open INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE compartment ADD COLUMN is_unexplained INTEGER NOT NULL DEFAULT 0",
    # The last word of the log on each door, in one pass over it.
    """UPDATE compartment SET may_stand_open = 1
    WHERE vacancy <> 'unknown' AND id NOT IN (SELECT compartment FROM delivery) AND id IN (
        SELECT subject FROM (
            SELECT subject, type, max(seq) FROM event WHERE type IN ('DoorOpened', 'DoorClosed')
            GROUP BY subject
        ) WHERE type = 'DoorOpened'
    )""",
    "ALTER TABLE message ADD COLUMN dropped_at_ms INTEGER",
    "DROP INDEX message_waiting",
    """CREATE INDEX message_waiting ON message (due_at_ms)
    WHERE handed_over_at_ms IS NULL AND dropped_at_ms IS NULL""",
    "ALTER TABLE incident ADD COLUMN since_pulse_ms INTEGER",
    "ALTER TABLE spent_code ADD COLUMN ended_uptime_ms INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE incident ADD COLUMN message TEXT",
    "ALTER TABLE incident ADD COLUMN resident TEXT",
    # A parcel on a shelf or at the desk holds no compartment. What refers to a table goes before it.
    "CREATE TABLE former_credential AS SELECT * FROM credential",
    "CREATE TABLE former_delivery AS SELECT rowid AS number, * FROM delivery",
    "DROP TABLE credential",
    "DROP TABLE delivery",
    """CREATE TABLE delivery (
        id TEXT PRIMARY KEY NOT NULL,
        state TEXT NOT NULL,
        compartment TEXT REFERENCES holding (compartment) DEFERRABLE INITIALLY DEFERRED,
        unit TEXT NOT NULL,
        recipient TEXT NOT NULL,
        carrier TEXT NOT NULL,
        carrier_code TEXT NOT NULL,
        session TEXT NOT NULL,
        size TEXT NOT NULL,
        reserved_at_ms INTEGER NOT NULL,
        stored_at_ms INTEGER,
        due_at_ms INTEGER,
        proof TEXT,
        has_code INTEGER NOT NULL,
        flags TEXT NOT NULL,
        tried TEXT NOT NULL,
        place TEXT,
        stored_boot TEXT,
        stored_mono_ms INTEGER NOT NULL DEFAULT 0,
        reminded INTEGER NOT NULL DEFAULT 0,
        held_until_ms INTEGER,
        disposal_from_ms INTEGER,
        sent_again_at_ms TEXT NOT NULL DEFAULT '[]',
        CHECK ((compartment IS NULL) <> (place IS NULL))
    ) STRICT""",
    """INSERT INTO delivery (rowid, id, state, compartment, unit, recipient, carrier, carrier_code, session,
        size, reserved_at_ms, stored_at_ms, due_at_ms, proof, has_code, flags, tried)
    SELECT * FROM former_delivery ORDER BY number""",
    """CREATE TABLE credential (
        digest BLOB PRIMARY KEY,
        long_digest BLOB NOT NULL,
        delivery TEXT NOT NULL REFERENCES delivery (id) DEFERRABLE INITIALLY DEFERRED,
        recipient TEXT NOT NULL,
        sealed BLOB NOT NULL
    ) STRICT, WITHOUT ROWID""",
    "INSERT INTO credential SELECT * FROM former_credential",
    "DROP TABLE former_credential",
    "DROP TABLE former_delivery",
    """CREATE TABLE proof (
        seq INTEGER PRIMARY KEY,
        delivery TEXT NOT NULL,
        code TEXT NOT NULL,
        at_ms INTEGER NOT NULL,
        text TEXT NOT NULL
    ) STRICT""",
    "ALTER TABLE staff ADD COLUMN is_manager INTEGER NOT NULL DEFAULT 0",
    "PRAGMA user_version = 2",
)
"""Doors that stood open and vacant when the kiosk ended; messages that are not worth sending any more. How
long after its last pulse a door opened that nobody had asked for; how long the kiosk ran until a code ended.
Parcels at places without a door. Since when a parcel waits by monotonic time, and how often its recipient was
reminded.
Until when a parcel is held, from when on it may be disposed of, and who of the staff may let that be done.
"""
