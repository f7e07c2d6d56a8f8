//! Amazon MQ's model: brokers, configurations, users, tags, states, engines, without IO
