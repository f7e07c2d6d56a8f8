//! The allow-list of ActiveMQ configurations: every element, attribute and child collection that may reach an engine.
//!
//! The one table behind sanitising and rendering. It follows the developer guide's pages "Elements permitted in Amazon MQ
//! configurations", "Elements and their attributes permitted…" and "Elements, child collection elements, and their child
//! elements permitted…", completed from the types of Amazon's published XSD for 5.19 where the pages are silent (the
//! destinations and tuning attributes of `networkConnector`, two attributes of `kahaDB`).
//!
//! Left out on purpose although the XSD names them: `broker@start` and `broker@systemUsage` (a broker that never starts;
//! a bean reference), and those of `networkConnector` that name other brokers, factories or beans
//! (`brokerURL`, `localUri`, `brokerName`, `objectName`, `bridgeFactory`, `connectionFilter`, `destinationFilter`,
//! `clientIdToken`): each is a way around the rules for `uri`. The destination lists of `networkConnector` do not take
//! `filteredDestination`, with which no broker starts.
//!
//! A document of every element, collection and attribute of the table starts on ActiveMQ 5.18.6 and 6.1.7 (tried by
//! hand).

use super::Strategy;
use super::value::ValueKind::{
    self, Between, Boolean, ConnectorUri, Decimal, Destination, GroupFactory, Integer, Long,
    Reference, Size, Text, UserName, Word,
};

/// An element that may stand in a configuration, with what it may carry.
#[derive(Debug)]
pub struct ElementRule {
    /// The element's name in the ActiveMQ core namespace.
    pub name: &'static str,
    /// The attributes it may carry, sorted by name, each with the kind of value it takes.
    pub attributes: &'static [(&'static str, ValueKind)],
    /// The child collections it may hold, sorted by name.
    pub collections: &'static [Collection],
    /// Attributes of which at least one must be there for ActiveMQ to be able to start with the element; empty when
    /// nothing is needed. An element that lacks them all is kept in the stored text and left out of the engine's.
    pub needs: &'static [&'static str],
}

impl ElementRule {
    /// The rule of the element called `name`, if it is permitted at all.
    pub fn of(name: &str) -> Option<&'static Self> {
        let at = RULES.binary_search_by(|rule| rule.name.cmp(name)).ok()?;
        RULES.get(at)
    }

    /// The name as the table spells it and the kind of value of the attribute called `name`.
    pub fn attribute(&self, name: &str) -> Option<(&'static str, ValueKind)> {
        let at = self
            .attributes
            .binary_search_by(|(known, _)| (*known).cmp(name))
            .ok()?;
        self.attributes.get(at).copied()
    }

    /// The child collection called `name`.
    pub fn collection(&self, name: &str) -> Option<&'static Collection> {
        self.collections
            .iter()
            .find(|collection| collection.name == name)
    }
}

/// A property of an element whose value is one or several elements, as `<destinations><queue …/></destinations>`.
#[derive(Debug)]
pub struct Collection {
    /// The property's name, which is the name of the element around its values.
    pub name: &'static str,
    /// Whether it holds one element or any number.
    pub holds: Holds,
    /// The elements that may be its values.
    pub elements: &'static [&'static str],
}

impl Collection {
    /// Whether an element called `name` may be a value of this collection in a configuration of that strategy.
    ///
    /// `cachedLDAPAuthorizationMap` belongs to LDAP configurations only.
    pub fn permits(&self, name: &str, strategy: Strategy) -> bool {
        let for_strategy = match strategy {
            Strategy::Simple => name != LDAP_ONLY,
            Strategy::Ldap => true,
        };
        for_strategy && self.elements.contains(&name)
    }
}

/// How many elements a collection holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holds {
    /// At most one.
    One,
    /// Any number, in order.
    Many,
}

const LDAP_ONLY: &str = "cachedLDAPAuthorizationMap";

const fn one(name: &'static str, elements: &'static [&'static str]) -> Collection {
    Collection {
        name,
        holds: Holds::One,
        elements,
    }
}

const fn many(name: &'static str, elements: &'static [&'static str]) -> Collection {
    Collection {
        name,
        holds: Holds::Many,
        elements,
    }
}

/// Every permitted element, sorted by name.
pub static RULES: &[ElementRule] = &[
    ElementRule {
        name: "abortSlowAckConsumerStrategy",
        attributes: &[
            ("abortConnection", Boolean),
            ("checkPeriod", Long),
            ("ignoreIdleConsumers", Boolean),
            ("ignoreNetworkConsumers", Boolean),
            ("maxSlowCount", Long),
            ("maxSlowDuration", Long),
            ("maxTimeSinceLastAck", Long),
            ("name", Text),
        ],
        collections: &[],
        needs: &[],
    },
    ElementRule {
        name: "abortSlowConsumerStrategy",
        attributes: &[
            ("abortConnection", Boolean),
            ("checkPeriod", Long),
            ("ignoreNetworkConsumers", Boolean),
            ("maxSlowCount", Long),
            ("maxSlowDuration", Long),
            ("name", Text),
        ],
        collections: &[],
        needs: &[],
    },
    ElementRule {
        name: "authorizationEntry",
        attributes: &[
            ("admin", Text),
            ("queue", Destination),
            ("read", Text),
            ("tempQueue", Boolean),
            ("tempTopic", Boolean),
            ("topic", Destination),
            ("write", Text),
        ],
        collections: &[],
        needs: &["queue", "topic", "tempQueue", "tempTopic"],
    },
    ElementRule {
        name: "authorizationMap",
        attributes: &[],
        collections: &[
            many(
                "authorizationEntries",
                &["authorizationEntry", "tempDestinationAuthorizationEntry"],
            ),
            one(
                "defaultEntry",
                &["authorizationEntry", "tempDestinationAuthorizationEntry"],
            ),
            one(
                "tempDestinationAuthorizationEntry",
                &["tempDestinationAuthorizationEntry"],
            ),
        ],
        needs: &[],
    },
    ElementRule {
        name: "authorizationPlugin",
        attributes: &[],
        collections: &[one(
            "map",
            &["authorizationMap", "cachedLDAPAuthorizationMap"],
        )],
        needs: &[],
    },
    ElementRule {
        name: "broker",
        attributes: &[
            ("advisorySupport", Boolean),
            ("allowTempAutoCreationOnSend", Boolean),
            ("anonymousProducerAdvisorySupport", Boolean),
            ("cacheTempDestinations", Boolean),
            ("consumerSystemUsagePortion", Between(0, 100)),
            ("dedicatedTaskRunner", Boolean),
            ("deleteAllMessagesOnStartup", Boolean),
            ("enableMessageExpirationOnActiveDurableSubs", Boolean),
            ("keepDurableSubsActive", Boolean),
            ("maxPurgedDestinationsPerSweep", Integer),
            ("maxSchedulerRepeatAllowed", Integer),
            ("monitorConnectionSplits", Boolean),
            ("networkConnectorStartAsync", Boolean),
            ("offlineDurableSubscriberTaskSchedule", Long),
            ("offlineDurableSubscriberTimeout", Long),
            ("persistenceThreadPriority", Between(1, 10)),
            ("persistent", Boolean),
            ("populateJMSXUserID", Boolean),
            ("producerSystemUsagePortion", Between(0, 100)),
            ("rejectDurableConsumers", Boolean),
            ("rollbackOnlyOnAsyncException", Boolean),
            ("schedulePeriodForDestinationPurge", Integer),
            ("schedulerSupport", Boolean),
            ("splitSystemUsageForProducersConsumers", Boolean),
            ("taskRunnerPriority", Between(1, 10)),
            ("timeBeforePurgeTempDestinations", Integer),
            ("useAuthenticatedPrincipalForJMSXUserID", Boolean),
            ("useMirroredQueues", Boolean),
            ("useTempMirroredQueues", Boolean),
            ("useVirtualDestSubs", Boolean),
            ("useVirtualDestSubsOnCreation", Boolean),
            ("useVirtualTopics", Boolean),
        ],
        collections: &[
            many(
                "destinationInterceptors",
                &["mirroredQueue", "virtualDestinationInterceptor"],
            ),
            one("destinationPolicy", &["policyMap"]),
            many(
                "destinations",
                &["queue", "tempQueue", "tempTopic", "topic"],
            ),
            many("networkConnectors", &["networkConnector"]),
            one("persistenceAdapter", &["kahaDB"]),
            many(
                "plugins",
                &[
                    "authorizationPlugin",
                    "discardingDLQBrokerPlugin",
                    "forcePersistencyModeBrokerPlugin",
                    "redeliveryPlugin",
                    "statisticsBrokerPlugin",
                    "timeStampingBrokerPlugin",
                ],
            ),
            one("systemUsage", &["systemUsage"]),
            many("transportConnectors", &["transportConnector"]),
        ],
        needs: &[],
    },
    ElementRule {
        name: "cachedLDAPAuthorizationMap",
        attributes: &[
            ("legacyGroupMapping", Boolean),
            ("queueSearchBase", Text),
            ("refreshInterval", Integer),
            ("tempSearchBase", Text),
            ("topicSearchBase", Text),
        ],
        collections: &[],
        needs: &[],
    },
    ElementRule {
        name: "cachedMessageGroupMapFactory",
        attributes: &[("cacheSize", Integer)],
        collections: &[],
        needs: &[],
    },
    ElementRule {
        name: "clientIdFilterDispatchPolicy",
        attributes: &[("ptpClientId", Text), ("ptpSuffix", Text)],
        collections: &[],
        needs: &[],
    },
    ElementRule {
        name: "compositeQueue",
        attributes: &[
            ("concurrentSend", Boolean),
            ("copyMessage", Boolean),
            ("forwardOnly", Boolean),
            ("name", Destination),
            ("sendWhenNotMatched", Boolean),
        ],
        collections: &[many(
            "forwardTo",
            &[
                "filteredDestination",
                "queue",
                "tempQueue",
                "tempTopic",
                "topic",
            ],
        )],
        needs: &["name"],
    },
    ElementRule {
        name: "compositeTopic",
        attributes: &[
            ("concurrentSend", Boolean),
            ("copyMessage", Boolean),
            ("forwardOnly", Boolean),
            ("name", Destination),
            ("sendWhenNotMatched", Boolean),
        ],
        collections: &[many(
            "forwardTo",
            &[
                "filteredDestination",
                "queue",
                "tempQueue",
                "tempTopic",
                "topic",
            ],
        )],
        needs: &["name"],
    },
    ElementRule {
        name: "conditionalNetworkBridgeFilterFactory",
        attributes: &[
            ("rateDuration", Integer),
            ("rateLimit", Integer),
            ("replayDelay", Integer),
            ("replayWhenNoConsumers", Boolean),
            ("selectorAware", Boolean),
        ],
        collections: &[],
        needs: &[],
    },
    ElementRule {
        name: "constantPendingMessageLimitStrategy",
        attributes: &[("limit", Integer)],
        collections: &[],
        needs: &[],
    },
    ElementRule {
        name: "discarding",
        attributes: &[
            ("deadLetterQueue", Reference),
            ("enableAudit", Boolean),
            ("expiration", Long),
            ("maxAuditDepth", Integer),
            ("maxProducersToAudit", Integer),
            ("processExpired", Boolean),
            ("processNonPersistent", Boolean),
        ],
        collections: &[],
        needs: &[],
    },
    ElementRule {
        name: "discardingDLQBrokerPlugin",
        attributes: &[
            ("dropAll", Boolean),
            ("dropOnly", Text),
            ("dropTemporaryQueues", Boolean),
            ("dropTemporaryTopics", Boolean),
            ("reportInterval", Integer),
        ],
        collections: &[],
        needs: &[],
    },
    ElementRule {
        name: "fileCursor",
        attributes: &[],
        collections: &[],
        needs: &[],
    },
    ElementRule {
        name: "fileDurableSubscriberCursor",
        attributes: &[],
        collections: &[],
        needs: &[],
    },
    ElementRule {
        name: "fileQueueCursor",
        attributes: &[],
        collections: &[],
        needs: &[],
    },
    ElementRule {
        name: "filteredDestination",
        attributes: &[
            ("queue", Destination),
            ("selector", Text),
            ("topic", Destination),
        ],
        collections: &[],
        needs: &["queue", "topic"],
    },
    ElementRule {
        name: "fixedCountSubscriptionRecoveryPolicy",
        attributes: &[("maximumSize", Integer)],
        collections: &[],
        needs: &[],
    },
    ElementRule {
        name: "fixedSizedSubscriptionRecoveryPolicy",
        attributes: &[("maximumSize", Integer), ("useSharedBuffer", Boolean)],
        collections: &[],
        needs: &[],
    },
    ElementRule {
        name: "forcePersistencyModeBrokerPlugin",
        attributes: &[("persistenceFlag", Boolean)],
        collections: &[],
        needs: &[],
    },
    ElementRule {
        name: "individualDeadLetterStrategy",
        attributes: &[
            ("destinationPerDurableSubscriber", Boolean),
            ("enableAudit", Boolean),
            ("expiration", Long),
            ("maxAuditDepth", Integer),
            ("maxProducersToAudit", Integer),
            ("processExpired", Boolean),
            ("processNonPersistent", Boolean),
            ("queuePrefix", Text),
            ("queueSuffix", Text),
            ("topicPrefix", Text),
            ("topicSuffix", Text),
            ("useQueueForQueueMessages", Boolean),
            ("useQueueForTopicMessages", Boolean),
        ],
        collections: &[],
        needs: &[],
    },
    ElementRule {
        name: "kahaDB",
        attributes: &[
            ("checkpointInterval", Long),
            ("cleanupOnStop", Boolean),
            ("concurrentStoreAndDispatchQueues", Boolean),
            ("indexWriteBatchSize", Integer),
            ("journalDiskSyncInterval", Between(1, i64::MAX)),
            (
                "journalDiskSyncStrategy",
                Word(&["always", "periodic", "never"]),
            ),
            (
                "preallocationStrategy",
                Word(&["sparse_file", "os_kernel_copy", "zeros"]),
            ),
        ],
        collections: &[],
        needs: &[],
    },
    ElementRule {
        name: "lastImageSubscriptionRecoveryPolicy",
        attributes: &[],
        collections: &[],
        needs: &[],
    },
    ElementRule {
        name: "memoryUsage",
        attributes: &[("percentOfJvmHeap", Between(0, 70))],
        collections: &[],
        needs: &[],
    },
    ElementRule {
        name: "messageGroupHashBucketFactory",
        attributes: &[("bucketCount", Integer), ("cacheSize", Integer)],
        collections: &[],
        needs: &[],
    },
    ElementRule {
        name: "mirroredQueue",
        attributes: &[
            ("copyMessage", Boolean),
            ("postfix", Text),
            ("prefix", Text),
        ],
        collections: &[],
        needs: &[],
    },
    ElementRule {
        name: "networkConnector",
        attributes: &[
            ("advisoryAckPercentage", Between(0, 100)),
            ("advisoryForFailedForward", Boolean),
            ("advisoryPrefetchSize", Integer),
            ("alwaysSyncSend", Boolean),
            ("bridgeTempDestinations", Boolean),
            ("checkDuplicateMessagesOnDuplex", Boolean),
            ("conduitNetworkQueueSubscriptions", Boolean),
            ("conduitSubscriptions", Boolean),
            ("consumerPriorityBase", Integer),
            ("consumerTTL", Integer),
            ("decreaseNetworkConsumerPriority", Boolean),
            ("dispatchAsync", Boolean),
            ("duplex", Boolean),
            ("dynamicOnly", Boolean),
            ("gcDestinationViews", Boolean),
            ("gcSweepTime", Long),
            ("messageTTL", Integer),
            ("name", Text),
            ("networkTTL", Integer),
            ("prefetchSize", Integer),
            ("staticBridge", Boolean),
            ("suppressDuplicateQueueSubscriptions", Boolean),
            ("suppressDuplicateTopicSubscriptions", Boolean),
            ("syncDurableSubs", Boolean),
            ("uri", ConnectorUri),
            ("useBrokerNameAsIdSees", Boolean),
            ("useCompression", Boolean),
            ("useVirtualDestSubs", Boolean),
            ("userName", UserName),
        ],
        collections: &[
            many(
                "durableDestinations",
                &["queue", "tempQueue", "tempTopic", "topic"],
            ),
            many(
                "dynamicallyIncludedDestinations",
                &["queue", "tempQueue", "tempTopic", "topic"],
            ),
            many(
                "excludedDestinations",
                &["queue", "tempQueue", "tempTopic", "topic"],
            ),
            many(
                "staticallyIncludedDestinations",
                &["queue", "tempQueue", "tempTopic", "topic"],
            ),
        ],
        needs: &["uri"],
    },
    ElementRule {
        name: "noSubscriptionRecoveryPolicy",
        attributes: &[],
        collections: &[],
        needs: &[],
    },
    ElementRule {
        name: "oldestMessageEvictionStrategy",
        attributes: &[("evictExpiredMessagesHighWatermark", Integer)],
        collections: &[],
        needs: &[],
    },
    ElementRule {
        name: "oldestMessageWithLowestPriorityEvictionStrategy",
        attributes: &[("evictExpiredMessagesHighWatermark", Integer)],
        collections: &[],
        needs: &[],
    },
    ElementRule {
        name: "policyEntry",
        attributes: &[
            ("advisoryForConsumed", Boolean),
            ("advisoryForDelivery", Boolean),
            ("advisoryForDiscardingMessages", Boolean),
            ("advisoryForDispatched", Boolean),
            ("advisoryForFastProducers", Boolean),
            ("advisoryForSlowConsumers", Boolean),
            ("advisoryWhenFull", Boolean),
            ("allConsumersExclusiveByDefault", Boolean),
            ("alwaysRetroactive", Boolean),
            ("blockedProducerWarningInterval", Long),
            ("consumersBeforeDispatchStarts", Integer),
            ("cursorMemoryHighWaterMark", Between(0, 100)),
            ("doOptimzeMessageStorage", Boolean),
            ("durableTopicPrefetch", Integer),
            ("enableAudit", Boolean),
            ("expireMessagesPeriod", Long),
            ("gcInactiveDestinations", Boolean),
            ("gcWithNetworkConsumers", Boolean),
            ("inactiveTimeoutBeforeGC", Long),
            ("inactiveTimoutBeforeGC", Long),
            ("includeBodyForAdvisory", Boolean),
            ("lazyDispatch", Boolean),
            ("maxAuditDepth", Integer),
            ("maxBrowsePageSize", Integer),
            ("maxDestinations", Integer),
            ("maxExpirePageSize", Integer),
            ("maxPageSize", Integer),
            ("maxProducersToAudit", Integer),
            ("maxQueueAuditDepth", Integer),
            ("memoryLimit", Size),
            ("messageGroupMapFactoryType", GroupFactory),
            ("minimumMessageSize", Long),
            ("optimizeMessageStoreInFlightLimit", Integer),
            ("optimizedDispatch", Boolean),
            ("persistJMSRedelivered", Boolean),
            ("prioritizedMessages", Boolean),
            ("producerFlowControl", Boolean),
            ("queue", Destination),
            ("queueBrowserPrefetch", Integer),
            ("queuePrefetch", Integer),
            ("reduceMemoryFootprint", Boolean),
            ("sendAdvisoryIfNoConsumers", Boolean),
            ("sendDuplicateFromStoreToDLQ", Boolean),
            ("sendFailIfNoSpace", Boolean),
            ("sendFailIfNoSpaceAfterTimeout", Long),
            ("storeUsageHighWaterMark", Between(0, 100)),
            ("strictOrderDispatch", Boolean),
            ("tempQueue", Boolean),
            ("tempTopic", Boolean),
            ("timeBeforeDispatchStarts", Integer),
            ("topic", Destination),
            ("topicPrefetch", Integer),
            ("useCache", Boolean),
            ("useConsumerPriority", Boolean),
            ("usePrefetchExtension", Boolean),
            ("useTopicSubscriptionInflightStats", Boolean),
        ],
        collections: &[
            one(
                "deadLetterStrategy",
                &[
                    "discarding",
                    "individualDeadLetterStrategy",
                    "sharedDeadLetterStrategy",
                ],
            ),
            one("destination", &["queue", "tempQueue", "tempTopic", "topic"]),
            one(
                "dispatchPolicy",
                &[
                    "clientIdFilterDispatchPolicy",
                    "priorityDispatchPolicy",
                    "priorityNetworkDispatchPolicy",
                    "roundRobinDispatchPolicy",
                    "simpleDispatchPolicy",
                    "strictOrderDispatchPolicy",
                ],
            ),
            one(
                "messageEvictionStrategy",
                &[
                    "oldestMessageEvictionStrategy",
                    "oldestMessageWithLowestPriorityEvictionStrategy",
                    "uniquePropertyMessageEvictionStrategy",
                ],
            ),
            one(
                "messageGroupMapFactory",
                &[
                    "cachedMessageGroupMapFactory",
                    "messageGroupHashBucketFactory",
                    "simpleMessageGroupMapFactory",
                ],
            ),
            one(
                "networkBridgeFilterFactory",
                &["conditionalNetworkBridgeFilterFactory"],
            ),
            one(
                "pendingDurableSubscriberPolicy",
                &[
                    "fileDurableSubscriberCursor",
                    "storeDurableSubscriberCursor",
                    "vmDurableCursor",
                ],
            ),
            one(
                "pendingMessageLimitStrategy",
                &[
                    "constantPendingMessageLimitStrategy",
                    "prefetchRatePendingMessageLimitStrategy",
                ],
            ),
            one(
                "pendingQueuePolicy",
                &["fileQueueCursor", "storeCursor", "vmQueueCursor"],
            ),
            one("pendingSubscriberPolicy", &["fileCursor", "vmCursor"]),
            one(
                "slowConsumerStrategy",
                &["abortSlowAckConsumerStrategy", "abortSlowConsumerStrategy"],
            ),
            one(
                "subscriptionRecoveryPolicy",
                &[
                    "fixedCountSubscriptionRecoveryPolicy",
                    "fixedSizedSubscriptionRecoveryPolicy",
                    "lastImageSubscriptionRecoveryPolicy",
                    "noSubscriptionRecoveryPolicy",
                    "queryBasedSubscriptionRecoveryPolicy",
                    "retainedMessageSubscriptionRecoveryPolicy",
                    "timedSubscriptionRecoveryPolicy",
                ],
            ),
        ],
        needs: &["queue", "topic", "tempQueue", "tempTopic"],
    },
    ElementRule {
        name: "policyMap",
        attributes: &[],
        collections: &[
            one("defaultEntry", &["policyEntry"]),
            many("policyEntries", &["policyEntry"]),
        ],
        needs: &[],
    },
    ElementRule {
        name: "prefetchRatePendingMessageLimitStrategy",
        attributes: &[("multiplier", Decimal)],
        collections: &[],
        needs: &[],
    },
    ElementRule {
        name: "priorityDispatchPolicy",
        attributes: &[],
        collections: &[],
        needs: &[],
    },
    ElementRule {
        name: "priorityNetworkDispatchPolicy",
        attributes: &[],
        collections: &[],
        needs: &[],
    },
    ElementRule {
        name: "queryBasedSubscriptionRecoveryPolicy",
        attributes: &[("query", Reference)],
        collections: &[],
        needs: &["query"],
    },
    ElementRule {
        name: "queue",
        attributes: &[("DLQ", Boolean), ("physicalName", Destination)],
        collections: &[],
        needs: &["physicalName"],
    },
    ElementRule {
        name: "redeliveryPlugin",
        attributes: &[
            ("fallbackToDeadLetter", Boolean),
            ("sendToDlqIfMaxRetriesExceeded", Boolean),
        ],
        collections: &[one("redeliveryPolicyMap", &["redeliveryPolicyMap"])],
        needs: &[],
    },
    ElementRule {
        name: "redeliveryPolicy",
        attributes: &[
            ("backOffMultiplier", Decimal),
            ("collisionAvoidancePercent", Between(0, 100)),
            ("initialRedeliveryDelay", Long),
            ("maximumRedeliveries", Integer),
            ("maximumRedeliveryDelay", Long),
            ("preDispatchCheck", Boolean),
            ("queue", Destination),
            ("redeliveryDelay", Long),
            ("tempQueue", Boolean),
            ("tempTopic", Boolean),
            ("topic", Destination),
            ("useCollisionAvoidance", Boolean),
            ("useExponentialBackOff", Boolean),
        ],
        collections: &[],
        needs: &["queue", "topic", "tempQueue", "tempTopic"],
    },
    ElementRule {
        name: "redeliveryPolicyMap",
        attributes: &[],
        collections: &[
            one("defaultEntry", &["redeliveryPolicy"]),
            many("redeliveryPolicyEntries", &["redeliveryPolicy"]),
        ],
        needs: &[],
    },
    ElementRule {
        name: "retainedMessageSubscriptionRecoveryPolicy",
        attributes: &[],
        collections: &[one(
            "wrapped",
            &[
                "fixedCountSubscriptionRecoveryPolicy",
                "fixedSizedSubscriptionRecoveryPolicy",
                "lastImageSubscriptionRecoveryPolicy",
                "noSubscriptionRecoveryPolicy",
                "queryBasedSubscriptionRecoveryPolicy",
                "retainedMessageSubscriptionRecoveryPolicy",
                "timedSubscriptionRecoveryPolicy",
            ],
        )],
        needs: &[],
    },
    ElementRule {
        name: "roundRobinDispatchPolicy",
        attributes: &[],
        collections: &[],
        needs: &[],
    },
    ElementRule {
        name: "sharedDeadLetterStrategy",
        attributes: &[
            ("enableAudit", Boolean),
            ("expiration", Long),
            ("maxAuditDepth", Integer),
            ("maxProducersToAudit", Integer),
            ("processExpired", Boolean),
            ("processNonPersistent", Boolean),
        ],
        collections: &[one(
            "deadLetterQueue",
            &["queue", "tempQueue", "tempTopic", "topic"],
        )],
        needs: &[],
    },
    ElementRule {
        name: "simpleDispatchPolicy",
        attributes: &[],
        collections: &[],
        needs: &[],
    },
    ElementRule {
        name: "simpleMessageGroupMapFactory",
        attributes: &[],
        collections: &[],
        needs: &[],
    },
    ElementRule {
        name: "statisticsBrokerPlugin",
        attributes: &[],
        collections: &[],
        needs: &[],
    },
    ElementRule {
        name: "storeCursor",
        attributes: &[],
        collections: &[],
        needs: &[],
    },
    ElementRule {
        name: "storeDurableSubscriberCursor",
        attributes: &[
            ("immediatePriorityDispatch", Boolean),
            ("useCache", Boolean),
        ],
        collections: &[],
        needs: &[],
    },
    ElementRule {
        name: "strictOrderDispatchPolicy",
        attributes: &[],
        collections: &[],
        needs: &[],
    },
    ElementRule {
        name: "systemUsage",
        attributes: &[
            ("sendFailIfNoSpace", Boolean),
            ("sendFailIfNoSpaceAfterTimeout", Long),
        ],
        collections: &[one("memoryUsage", &["memoryUsage"])],
        needs: &[],
    },
    ElementRule {
        name: "tempDestinationAuthorizationEntry",
        attributes: &[
            ("admin", Text),
            ("queue", Destination),
            ("read", Text),
            ("tempQueue", Boolean),
            ("tempTopic", Boolean),
            ("topic", Destination),
            ("write", Text),
        ],
        collections: &[],
        needs: &[],
    },
    ElementRule {
        name: "tempQueue",
        attributes: &[("DLQ", Boolean), ("physicalName", Destination)],
        collections: &[],
        needs: &["physicalName"],
    },
    ElementRule {
        name: "tempTopic",
        attributes: &[("DLQ", Boolean), ("physicalName", Destination)],
        collections: &[],
        needs: &["physicalName"],
    },
    ElementRule {
        name: "timeStampingBrokerPlugin",
        attributes: &[
            ("futureOnly", Boolean),
            ("processNetworkMessages", Boolean),
            ("ttlCeiling", Long),
            ("zeroExpirationOverride", Long),
        ],
        collections: &[],
        needs: &[],
    },
    ElementRule {
        name: "timedSubscriptionRecoveryPolicy",
        attributes: &[("recoverDuration", Long)],
        collections: &[],
        needs: &[],
    },
    ElementRule {
        name: "topic",
        attributes: &[("DLQ", Boolean), ("physicalName", Destination)],
        collections: &[],
        needs: &["physicalName"],
    },
    ElementRule {
        name: "transportConnector",
        attributes: &[
            ("name", Word(&["openwire"])),
            ("rebalanceClusterClients", Boolean),
            ("updateClusterClients", Boolean),
            ("updateClusterClientsOnRemove", Boolean),
        ],
        collections: &[],
        needs: &[],
    },
    ElementRule {
        name: "uniquePropertyMessageEvictionStrategy",
        attributes: &[
            ("evictExpiredMessagesHighWatermark", Integer),
            ("propertyName", Text),
        ],
        collections: &[],
        needs: &["propertyName"],
    },
    ElementRule {
        name: "virtualDestinationInterceptor",
        attributes: &[],
        collections: &[many(
            "virtualDestinations",
            &["compositeQueue", "compositeTopic", "virtualTopic"],
        )],
        needs: &[],
    },
    ElementRule {
        name: "virtualTopic",
        attributes: &[
            ("concurrentSend", Boolean),
            ("dropOnResourceLimit", Boolean),
            ("local", Boolean),
            ("name", Destination),
            ("postfix", Text),
            ("prefix", Text),
            ("selectorAware", Boolean),
            ("setOriginalDestination", Boolean),
            ("transactedSend", Boolean),
        ],
        collections: &[],
        needs: &[],
    },
    ElementRule {
        name: "vmCursor",
        attributes: &[],
        collections: &[],
        needs: &[],
    },
    ElementRule {
        name: "vmDurableCursor",
        attributes: &[],
        collections: &[],
        needs: &[],
    },
    ElementRule {
        name: "vmQueueCursor",
        attributes: &[],
        collections: &[],
        needs: &[],
    },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_list_of_the_table_is_sorted_and_free_of_repeats() {
        assert!(RULES.windows(2).all(|pair| pair[0].name < pair[1].name));
        for rule in RULES {
            assert!(
                rule.attributes.windows(2).all(|pair| pair[0].0 < pair[1].0),
                "{}",
                rule.name
            );
            assert!(
                rule.collections
                    .windows(2)
                    .all(|pair| pair[0].name < pair[1].name),
                "{}",
                rule.name
            );
        }
    }

    #[test]
    fn every_element_that_a_collection_names_has_a_rule_and_every_rule_is_reachable() {
        let mut reached = vec!["broker"];
        let mut next = 0;
        while let Some(name) = reached.get(next).copied() {
            next += 1;
            let rule = ElementRule::of(name).unwrap_or_else(|| panic!("{name} has no rule"));
            for collection in rule.collections {
                for element in collection.elements {
                    if !reached.contains(element) {
                        reached.push(element);
                    }
                }
            }
        }
        assert_eq!(reached.len(), RULES.len());
    }

    #[test]
    fn what_an_element_needs_is_one_of_its_attributes() {
        for rule in RULES {
            assert!(
                rule.needs.iter().all(|name| rule.attribute(name).is_some()),
                "{}",
                rule.name
            );
        }
    }

    #[test]
    fn nothing_that_names_files_classes_addresses_or_secrets_is_in_the_table() {
        let forbidden = [
            "password",
            "directory",
            "brokerName",
            "dataDirectory",
            "tmpDataDirectory",
            "useJmx",
            "brokerURL",
            "localUri",
            "start",
            "class",
            "factory",
            "ref",
            "id",
            "connectionURL",
            "connectionUsername",
            "connectionPassword",
            "uri",
        ];
        for rule in RULES {
            for (name, _) in rule.attributes {
                let allowed = rule.name == "networkConnector" && *name == "uri";
                assert!(allowed || !forbidden.contains(name), "{}@{name}", rule.name);
            }
        }
    }

    #[test]
    fn the_fifty_nine_elements_of_the_developer_guide_are_all_permitted() {
        let guide = "abortSlowAckConsumerStrategy abortSlowConsumerStrategy authorizationEntry authorizationMap \
            authorizationPlugin broker cachedMessageGroupMapFactory compositeQueue compositeTopic \
            constantPendingMessageLimitStrategy discarding discardingDLQBrokerPlugin fileCursor \
            fileDurableSubscriberCursor fileQueueCursor filteredDestination fixedCountSubscriptionRecoveryPolicy \
            fixedSizedSubscriptionRecoveryPolicy forcePersistencyModeBrokerPlugin individualDeadLetterStrategy \
            lastImageSubscriptionRecoveryPolicy messageGroupHashBucketFactory mirroredQueue noSubscriptionRecoveryPolicy \
            oldestMessageEvictionStrategy oldestMessageWithLowestPriorityEvictionStrategy policyEntry policyMap \
            prefetchRatePendingMessageLimitStrategy priorityDispatchPolicy priorityNetworkDispatchPolicy \
            queryBasedSubscriptionRecoveryPolicy queue redeliveryPlugin redeliveryPolicy redeliveryPolicyMap \
            retainedMessageSubscriptionRecoveryPolicy roundRobinDispatchPolicy sharedDeadLetterStrategy \
            simpleDispatchPolicy simpleMessageGroupMapFactory statisticsBrokerPlugin storeCursor \
            storeDurableSubscriberCursor strictOrderDispatchPolicy tempDestinationAuthorizationEntry tempQueue tempTopic \
            timedSubscriptionRecoveryPolicy timeStampingBrokerPlugin topic transportConnector \
            uniquePropertyMessageEvictionStrategy virtualDestinationInterceptor virtualTopic vmCursor vmDurableCursor \
            vmQueueCursor conditionalNetworkBridgeFilterFactory";
        let names: Vec<_> = guide.split_whitespace().collect();
        assert_eq!(names.len(), 59);
        for name in names {
            assert!(ElementRule::of(name).is_some(), "{name}");
        }
    }
}
