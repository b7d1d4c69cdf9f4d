//! The usual single dose of common medicines for an adult, and the greatest that is usual, in
//! milligrams: a dose ten times the first is a slip of a point or of a zero more often than meant.
//!
//! Facts as the WHO Model Formulary (2008) and the British National Formulary give them, given by
//! mouth or injected; no text of theirs is taken over. What is dosed by weight is not among them.

/// A name, the usual single dose and the greatest usual one, in milligrams.
pub(crate) type Usual = (&'static str, f64, f64);

/// All of them, sorted by name.
pub(crate) const USUAL: &[Usual] = &[
    ("aciclovir", 400.0, 800.0),
    ("albendazole", 400.0, 800.0),
    ("allopurinol", 300.0, 600.0),
    ("amitriptyline", 25.0, 150.0),
    ("amlodipine", 5.0, 10.0),
    ("amoxicillin", 500.0, 3000.0),
    ("atenolol", 50.0, 100.0),
    ("atorvastatin", 20.0, 80.0),
    ("azithromycin", 500.0, 2000.0),
    ("bisoprolol", 5.0, 20.0),
    ("carbamazepine", 200.0, 800.0),
    ("carvedilol", 12.5, 50.0),
    ("cefalexin", 500.0, 1500.0),
    ("ceftriaxone", 1000.0, 4000.0),
    ("chlorphenamine", 4.0, 20.0),
    ("ciprofloxacin", 500.0, 750.0),
    ("diazepam", 5.0, 20.0),
    ("diclofenac", 50.0, 100.0),
    ("digoxin", 0.25, 1.5),
    ("doxycycline", 100.0, 300.0),
    ("enalapril", 10.0, 40.0),
    ("fluconazole", 150.0, 800.0),
    ("fluoxetine", 20.0, 60.0),
    ("folic acid", 5.0, 15.0),
    ("furosemide", 40.0, 250.0),
    ("glibenclamide", 5.0, 15.0),
    ("haloperidol", 5.0, 20.0),
    ("hydrochlorothiazide", 25.0, 50.0),
    ("ibuprofen", 400.0, 800.0),
    ("ivermectin", 12.0, 24.0),
    ("levothyroxine", 0.1, 0.3),
    ("lisinopril", 10.0, 80.0),
    ("loratadine", 10.0, 10.0),
    ("losartan", 50.0, 150.0),
    ("metformin", 500.0, 1000.0),
    ("metoclopramide", 10.0, 10.0),
    ("metronidazole", 400.0, 2000.0),
    ("morphine", 10.0, 60.0),
    ("nifedipine", 20.0, 90.0),
    ("omeprazole", 20.0, 80.0),
    ("paracetamol", 1000.0, 1000.0),
    ("phenobarbital", 60.0, 300.0),
    ("prednisolone", 40.0, 100.0),
    ("simvastatin", 20.0, 80.0),
    ("spironolactone", 25.0, 400.0),
    ("tramadol", 50.0, 100.0),
    ("warfarin", 5.0, 15.0),
];
