// Excerpt of the example device's software: shows what requirement rq-no-remote-start names; not a complete program.
use std::collections::VecDeque;

use crate::broker::Message;
use crate::infusion::{Order, OrderNumber};

const MAX_WAITING: usize = 32;

#[derive(Debug, PartialEq)]
pub enum Refusal {
    NotAnOrder,
    Repeated,
    Full,
}

/// Orders that wait for a person at the pump. It holds neither the running
/// programme nor the link to the therapy controller.
#[derive(Default)]
pub struct Inbox {
    waiting: VecDeque<Order>,
}

/// The only way of messages into the infusion manager. It can add to the inbox
/// and nothing else: starting, stopping and changing an infusion take the
/// session of a person at the screen, which no message carries.
pub fn accept_order(inbox: &mut Inbox, message: Message) -> Result<OrderNumber, Refusal> {
    let Message::Order(order) = message else {
        return Err(Refusal::NotAnOrder);
    };
    if inbox.waiting.iter().any(|waiting| waiting.number == order.number) {
        return Err(Refusal::Repeated);
    }
    if inbox.waiting.len() >= MAX_WAITING {
        return Err(Refusal::Full);
    }
    let number = order.number;
    inbox.waiting.push_back(order);
    Ok(number)
}
