"""The employers of the pretend world."""

from payproof.world.person import Employer, Place

MERIDIAN = Employer(
    name="Meridian Media Group",
    ein="12-3456789",
    phone="6175550142",
    place=Place("400 Harbor Street", "Boston", "MA", "02210"),
)
HARBOR_FOODS = Employer(
    name="Harbor Foods",
    ein="23-4567891",
    phone="2075550119",
    place=Place("18 Wharf Road", "Portland", "ME", "04101"),
)
SUMMIT_LOGISTICS = Employer(
    name="Summit Logistics",
    ein="34-5678912",
    phone="3035550178",
    place=Place("2200 Platte Avenue", "Denver", "CO", "80202"),
)
ACME_CLINIC = Employer(
    name="Acme Community Clinic",
    ein="45-6789123",
    phone="5125550163",
    place=Place("77 Medical Parkway", "Austin", "TX", "78701"),
)
NORTHWIND_SCHOOLS = Employer(
    name="Northwind Public Schools",
    ein="56-7891234",
    phone="6145550187",
    place=Place("5 School House Lane", "Columbus", "OH", "43215"),
)
EMPLOYERS = (MERIDIAN, HARBOR_FOODS, SUMMIT_LOGISTICS, ACME_CLINIC, NORTHWIND_SCHOOLS)
