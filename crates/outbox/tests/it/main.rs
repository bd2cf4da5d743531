//! Messages on their way to real servers on this computer.

mod certificate;
mod channels;
mod encrypted;
mod http;
mod mails;
mod smtp;
mod support;
mod webhooks;
