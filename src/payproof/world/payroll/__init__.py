"""The pretend payroll portal: sign-in with all that can happen there, pay statements, W-2s."""
