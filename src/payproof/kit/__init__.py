"""What a connector is written against: manifest, visit, failures, and how connectors are found."""
