"""What any daemon needs and no rule of the kiosk depends on: clock, secrets, locks, logs."""
