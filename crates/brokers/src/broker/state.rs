//! The public state of a broker, and what a finished reboot changes: functions of the record alone.

use super::record::{Broker, Intent};
use super::settings::BrokerState;
use super::user::ChangeType;

/// How many earlier configurations are kept.
const MAX_HISTORY: usize = 100;

impl Broker {
    /// The state that is shown ("Broker statuses").
    pub fn state(&self) -> BrokerState {
        match self.intent {
            Intent::Delete => return BrokerState::DeletionInProgress,
            Intent::Run => {}
        }
        if !self.observed.created {
            return match self.observed.failure {
                Some(_) => BrokerState::CreationFailed,
                None => BrokerState::CreationInProgress,
            };
        }
        if self.reboots > self.observed.reboots_done {
            return BrokerState::RebootInProgress;
        }
        if self.observed.actions_required.is_empty() {
            BrokerState::Running
        } else {
            BrokerState::CriticalActionRequired
        }
    }

    /// Makes everything current that waited for a reboot: settings, configuration, users. To be called when the reboot is
    /// finished, in the commit that says so.
    pub fn apply_pending(&mut self) {
        let pending = std::mem::take(&mut self.pending);
        let current = &mut self.current;
        if let Some(configuration) = pending.configuration
            && current.configuration.as_ref() != Some(&configuration)
            && let Some(old) = current.configuration.replace(configuration)
        {
            self.configuration_history.insert(0, old);
            self.configuration_history.truncate(MAX_HISTORY);
        }
        replace(&mut current.engine_version, pending.engine_version);
        replace(&mut current.host_instance_type, pending.host_instance_type);
        replace(&mut current.security_groups, pending.security_groups);
        replace(&mut current.logs, pending.logs);
        replace(
            &mut current.authentication_strategy,
            pending.authentication_strategy,
        );
        replace(
            &mut current.data_replication_mode,
            pending.data_replication_mode,
        );
        if pending.ldap.is_some() {
            current.ldap = pending.ldap;
        }
        match pending.storage_size {
            // Zero asks for the default again.
            Some(0) => current.storage_size = None,
            Some(size) => current.storage_size = Some(size),
            None => {}
        }
        self.users.retain(|_, user| {
            let Some(pending) = user.pending.take() else {
                return true;
            };
            match pending.change {
                ChangeType::Delete => return false,
                ChangeType::Create | ChangeType::Update => {
                    if pending.settings.is_some() {
                        user.current = pending.settings;
                    }
                }
            }
            true
        });
    }
}

fn replace<T>(current: &mut T, pending: Option<T>) {
    if let Some(value) = pending {
        *current = value;
    }
}

#[cfg(test)]
mod tests;
