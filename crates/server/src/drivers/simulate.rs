//! The driver that starts nothing.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use tokio::sync::broadcast;

use crate::clock::Clock;

use super::{
    Capabilities, Driver, DriverError, DriverFuture, Ending, Exited, File, Launch, NodeId,
    Observation, Running,
};

/// A driver that starts nothing and reports what was asked for: `--driver simulate`, for trying the API, Terraform plans and
/// the tests of everything above a driver. A node counts as running when its start is `delay` ago. Nothing outlives the value.
pub struct SimulateDriver {
    clock: Arc<dyn Clock>,
    delay: Duration,
    nodes: Mutex<BTreeMap<NodeId, Simulated>>,
    endings: broadcast::Sender<NodeId>,
}

struct Simulated {
    pid: u32,
    started_at: SystemTime,
    files: BTreeMap<String, Vec<u8>>,
    ended: Option<(Ending, SystemTime)>,
}

impl SimulateDriver {
    /// Makes a driver whose nodes are running `delay` after their start by the clock.
    pub fn new(clock: Arc<dyn Clock>, delay: Duration) -> Self {
        let (endings, _) = broadcast::channel(1024);
        Self {
            clock,
            delay,
            nodes: Mutex::default(),
            endings,
        }
    }

    /// Ends a running node as a crash would, and tells the subscribers. False if it does not run.
    pub fn crash(&self, node: &NodeId, ending: Ending) -> bool {
        let at = self.now();
        let ended = match self.nodes().get_mut(node) {
            Some(simulated) if simulated.ended.is_none() => {
                simulated.ended = Some((ending, at));
                true
            }
            Some(_) | None => false,
        };
        if ended {
            // Nobody listening is no error: the next observation tells as well.
            let _ = self.endings.send(node.clone());
        }
        ended
    }

    /// The content of a file as it was last written, if the node has it.
    pub fn file(&self, node: &NodeId, path: &str) -> Option<Vec<u8>> {
        self.nodes()
            .get(node)
            .and_then(|simulated| simulated.files.get(path).cloned())
    }

    fn nodes(&self) -> MutexGuard<'_, BTreeMap<NodeId, Simulated>> {
        // Every change below is one assignment, so a panic elsewhere leaves nothing half done.
        self.nodes.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn now(&self) -> SystemTime {
        let since = Duration::from_millis(u64::try_from(self.clock.now()).unwrap_or(0));
        SystemTime::UNIX_EPOCH
            .checked_add(since)
            .unwrap_or(SystemTime::UNIX_EPOCH)
    }

    fn look(&self, simulated: &Simulated) -> Observation {
        let started_at = simulated.started_at;
        if let Some((ending, at)) = simulated.ended {
            let (out_of_memory, tail) = (false, Vec::new());
            return Observation::Exited(Exited {
                ending,
                at: Some(at),
                started_at,
                out_of_memory,
                tail,
            });
        }
        match started_at.checked_add(self.delay) {
            Some(ready) if self.now() >= ready => Observation::Running(Running {
                pid: simulated.pid,
                started_at,
                shim: true,
            }),
            Some(_) | None => Observation::Absent,
        }
    }
}

fn done<'a, T: Send + 'a>(result: Result<T, DriverError>) -> DriverFuture<'a, T> {
    Box::pin(std::future::ready(result))
}

impl Driver for SimulateDriver {
    fn name(&self) -> &'static str {
        "simulate"
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities {
            own_user: false,
            memory_limit: false,
            task_limit: false,
            group_kill: false,
            notes: vec!["no broker is really started: the driver is `simulate`".to_owned()],
        }
    }

    fn folder(&self, node: &NodeId) -> PathBuf {
        PathBuf::from("/nonexistent").join(node.as_str())
    }

    fn adopt(&self) -> DriverFuture<'_, Vec<(NodeId, Observation)>> {
        let nodes = self.nodes();
        done(Ok(nodes
            .iter()
            .map(|(node, simulated)| (node.clone(), self.look(simulated)))
            .collect()))
    }

    fn start(&self, launch: Launch) -> DriverFuture<'_, ()> {
        let started_at = self.now();
        let mut nodes = self.nodes();
        let pid = u32::try_from(nodes.len())
            .unwrap_or(u32::MAX)
            .saturating_add(1);
        let files = launch
            .files
            .into_iter()
            .map(|file| (file.path.to_string(), file.bytes));
        match nodes.get_mut(&launch.node) {
            Some(simulated) if simulated.ended.is_none() => {}
            Some(simulated) => {
                simulated.started_at = started_at;
                simulated.ended = None;
                simulated.files.extend(files);
            }
            None => {
                let files = files.collect();
                nodes.insert(
                    launch.node,
                    Simulated {
                        pid,
                        started_at,
                        files,
                        ended: None,
                    },
                );
            }
        }
        done(Ok(()))
    }

    fn write<'a>(&'a self, node: &'a NodeId, files: Vec<File>) -> DriverFuture<'a, ()> {
        done(match self.nodes().get_mut(node) {
            Some(simulated) => {
                simulated.files.extend(
                    files
                        .into_iter()
                        .map(|file| (file.path.to_string(), file.bytes)),
                );
                Ok(())
            }
            None => Err(DriverError::Absent {
                node: node.to_string(),
            }),
        })
    }

    fn observe<'a>(&'a self, node: &'a NodeId) -> DriverFuture<'a, Observation> {
        done(Ok(self
            .nodes()
            .get(node)
            .map_or(Observation::Absent, |simulated| {
                self.look(simulated)
            })))
    }

    fn tail<'a>(&'a self, _node: &'a NodeId, _lines: usize) -> DriverFuture<'a, Vec<String>> {
        done(Ok(Vec::new()))
    }

    fn stop<'a>(&'a self, node: &'a NodeId) -> DriverFuture<'a, ()> {
        self.crash(node, Ending::Signal(15));
        done(Ok(()))
    }

    fn remove<'a>(&'a self, node: &'a NodeId) -> DriverFuture<'a, ()> {
        self.nodes().remove(node);
        done(Ok(()))
    }

    fn endings(&self) -> broadcast::Receiver<NodeId> {
        self.endings.subscribe()
    }
}

#[cfg(test)]
mod tests {
    use crate::clock::SetClock;
    use std::time::Duration;

    use super::*;
    use crate::drivers::{Limits, LogLimits};

    fn launch(node: &NodeId) -> Launch {
        Launch {
            namespace: None,
            node: node.clone(),
            folders: vec![],
            files: vec![],
            argv: vec!["broker".to_owned()],
            env: vec![],
            stop_grace: Duration::from_secs(1),
            log: LogLimits::default(),
            limits: Limits::default(),
        }
    }

    #[tokio::test]
    async fn a_simulated_node_runs_after_its_delay_and_tells_when_it_ends() {
        let clock = Arc::new(SetClock::new(100_000));
        let driver = SimulateDriver::new(clock.clone(), Duration::from_secs(5));
        let node = NodeId::parse("b-1-1").unwrap();
        let mut endings = driver.endings();

        driver.start(launch(&node)).await.unwrap();
        assert_eq!(driver.observe(&node).await.unwrap(), Observation::Absent);
        clock.set(105_000);
        assert!(matches!(
            driver.observe(&node).await.unwrap(),
            Observation::Running(_)
        ));
        assert_eq!(driver.adopt().await.unwrap().len(), 1);

        driver.stop(&node).await.unwrap();
        assert_eq!(endings.recv().await.unwrap(), node);
        let Observation::Exited(exited) = driver.observe(&node).await.unwrap() else {
            panic!("it still runs")
        };
        assert_eq!(exited.ending, Ending::Signal(15));
        assert_eq!(
            exited.at,
            Some(SystemTime::UNIX_EPOCH + Duration::from_secs(105))
        );

        driver.remove(&node).await.unwrap();
        assert_eq!(driver.observe(&node).await.unwrap(), Observation::Absent);
    }
}
