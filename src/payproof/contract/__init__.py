"""Every shape on the wire, both ways. The wire's oddities end here: inside, model has one spelling."""
