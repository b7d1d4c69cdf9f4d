//! The store from outside: what it keeps, what it tells, and what it survives.

mod commits;
mod conflicts;
mod corrections;
mod elsewhere;
mod erasing;
mod faults;
mod figures;
mod fixtures;
mod forms;
mod history;
mod processes;
mod projecting;
mod sealing;
mod searches;
mod secrecy;
mod serving;
mod sheets;
mod today;
mod upgrading;
mod whereabouts;
