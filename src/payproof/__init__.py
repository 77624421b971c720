"""An open, self-hosted verification server that speaks the Truv API."""

__version__ = "0.1.0"
