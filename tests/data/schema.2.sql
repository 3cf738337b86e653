CREATE INDEX message_waiting ON message (due_at_ms)
    WHERE handed_over_at_ms IS NULL AND dropped_at_ms IS NULL;

CREATE TABLE bucket (
        name TEXT PRIMARY KEY,
        left_over INTEGER NOT NULL,
        boot TEXT NOT NULL,
        mono_ms INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;

CREATE TABLE carrier (id TEXT PRIMARY KEY, name TEXT NOT NULL) STRICT, WITHOUT ROWID;

CREATE TABLE carrier_code (
        id TEXT PRIMARY KEY,
        carrier TEXT NOT NULL REFERENCES carrier (id) DEFERRABLE INITIALLY DEFERRED,
        digest BLOB NOT NULL UNIQUE
    ) STRICT, WITHOUT ROWID;

CREATE TABLE compartment (
        id TEXT PRIMARY KEY,
        vacancy TEXT NOT NULL,
        condition TEXT NOT NULL,
        uses INTEGER NOT NULL
    , may_stand_open INTEGER NOT NULL DEFAULT 0, is_unexplained INTEGER NOT NULL DEFAULT 0) STRICT, WITHOUT ROWID;

CREATE TABLE credential (
        digest BLOB PRIMARY KEY,
        long_digest BLOB NOT NULL,
        delivery TEXT NOT NULL REFERENCES delivery (id) DEFERRABLE INITIALLY DEFERRED,
        recipient TEXT NOT NULL,
        sealed BLOB NOT NULL
    ) STRICT, WITHOUT ROWID;

CREATE TABLE cursor (name TEXT PRIMARY KEY, seq INTEGER NOT NULL) STRICT, WITHOUT ROWID;

CREATE TABLE delivery (
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
    ) STRICT;

CREATE TABLE event (
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
    ) STRICT;

CREATE TABLE event_private (
        epoch INTEGER NOT NULL,
        seq INTEGER PRIMARY KEY,
        salt BLOB NOT NULL,
        body TEXT NOT NULL
    ) STRICT;

CREATE TABLE event_subject (
        subject TEXT NOT NULL,
        seq INTEGER NOT NULL,
        PRIMARY KEY (subject, seq)
    ) STRICT, WITHOUT ROWID;

CREATE TABLE holding (
        compartment TEXT PRIMARY KEY REFERENCES compartment (id) DEFERRABLE INITIALLY DEFERRED,
        recipient TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;

CREATE TABLE incident (
        id TEXT PRIMARY KEY,
        kind TEXT NOT NULL,
        severity TEXT NOT NULL,
        raised_at_ms INTEGER NOT NULL,
        bank TEXT,
        compartment TEXT,
        delivery TEXT
    , since_pulse_ms INTEGER, message TEXT, resident TEXT) STRICT, WITHOUT ROWID;

CREATE TABLE intent (
        id TEXT PRIMARY KEY,
        seq INTEGER NOT NULL,
        answer TEXT NOT NULL DEFAULT ''
    ) STRICT, WITHOUT ROWID;

CREATE TABLE message (
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
    , dropped_at_ms INTEGER) STRICT, WITHOUT ROWID;

CREATE TABLE meta (key TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT, WITHOUT ROWID;

CREATE TABLE proof (
        seq INTEGER PRIMARY KEY,
        delivery TEXT NOT NULL,
        code TEXT NOT NULL,
        at_ms INTEGER NOT NULL,
        text TEXT NOT NULL
    ) STRICT;

CREATE TABLE resident (
        id TEXT PRIMARY KEY,
        unit TEXT NOT NULL REFERENCES unit (id) DEFERRABLE INITIALLY DEFERRED,
        name TEXT NOT NULL,
        language TEXT NOT NULL,
        contact TEXT NOT NULL,
        is_accessible INTEGER NOT NULL,
        moved_out_at_ms INTEGER
    ) STRICT, WITHOUT ROWID;

CREATE TABLE session (
        id TEXT PRIMARY KEY,
        kind TEXT NOT NULL,
        actor TEXT NOT NULL,
        state TEXT NOT NULL,
        started_at_ms INTEGER NOT NULL,
        carrier TEXT,
        carrier_code TEXT,
        staff TEXT,
        delivery TEXT
    ) STRICT, WITHOUT ROWID;

CREATE TABLE spent_code (
        digest BLOB NOT NULL,
        long_digest BLOB NOT NULL,
        delivery TEXT NOT NULL,
        ended_at_ms INTEGER NOT NULL,
        why TEXT NOT NULL
    , ended_uptime_ms INTEGER NOT NULL DEFAULT 0) STRICT;

CREATE TABLE staff (
        id TEXT PRIMARY KEY,
        account TEXT NOT NULL UNIQUE,
        name TEXT NOT NULL,
        pin_hash TEXT
    , is_manager INTEGER NOT NULL DEFAULT 0) STRICT, WITHOUT ROWID;

CREATE TABLE unit (id TEXT PRIMARY KEY, label TEXT NOT NULL, mode TEXT NOT NULL) STRICT, WITHOUT ROWID;

CREATE TRIGGER event_is_never_changed BEFORE UPDATE ON event
    BEGIN
        SELECT RAISE(ABORT, 'events are never changed');
    END;
