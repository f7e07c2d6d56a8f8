//! The web console: a Jetty server inside the broker's process, which the launcher starts once the broker is up.
//!
//! Users are the broker's own, checked by HTTP Basic authentication over TLS; the group [`CONSOLE_GROUP`] lets them in.

use super::{
    CONSOLE_GROUP, CONSOLE_PORT, CONSOLE_USER, Element, NodeSpec, Properties, RenderError,
    path_text,
};

/// The bean that the launcher starts.
const SERVER_BEAN: &str = "posternConsole";

/// System properties for the launcher: here rather than on the command line, because one is a password.
pub(super) fn boot_properties(spec: &NodeSpec) -> Vec<u8> {
    let mut file = Properties::new();
    if spec.audit_log {
        file.set("org.apache.activemq.audit", "true");
    }
    if let Some(console) = &spec.console {
        file.set("webconsole.type", "postern")
            .set("postern.console.bean", SERVER_BEAN)
            .set("postern.console.user", CONSOLE_USER)
            .set("postern.console.password", console.password.expose());
    }
    file.into_bytes()
}

pub(super) fn render(spec: &NodeSpec) -> Result<String, RenderError> {
    let war = spec
        .runtime
        .console_war
        .as_ref()
        .ok_or(RenderError::NoConsole)?;
    let war = format!("{}/{war}", path_text(&spec.runtime.home)?);
    let key_store = path_text(&spec.keystore.path)?;

    let login = bean("consoleLogin", "org.eclipse.jetty.jaas.JAASLoginService")
        .child(value("name", "activemq"))
        .child(value("loginModuleName", "activemq"))
        .child(value(
            "roleClassNames",
            "org.apache.activemq.jaas.GroupPrincipal",
        ));
    let constraint = bean(
        "consoleConstraint",
        "org.eclipse.jetty.util.security.Constraint",
    )
    .child(value("name", "BASIC"))
    .child(value("roles", CONSOLE_GROUP))
    .child(value("authenticate", "true"));
    let mapping = bean(
        "consoleMapping",
        "org.eclipse.jetty.security.ConstraintMapping",
    )
    .child(reference("constraint", "consoleConstraint"))
    .child(value("pathSpec", "/*"));
    let pages = Element::new("bean")
        .with("class", "org.eclipse.jetty.webapp.WebAppContext")
        .child(value("contextPath", "/admin"))
        .child(value("resourceBase", &war))
        .child(value("parentLoaderPriority", "true"))
        .child(value("throwUnavailableOnStartupException", "true"));
    // The console's URL has no path: send people on.
    let front = Element::new("bean")
        .with(
            "class",
            "org.eclipse.jetty.server.handler.MovedContextHandler",
        )
        .child(value("contextPath", "/"))
        .child(value("newContextURL", "/admin/"))
        .child(value("discardPathInfo", "true"));
    let handlers = bean(
        "consoleHandlers",
        "org.eclipse.jetty.server.handler.ContextHandlerCollection",
    )
    .child(property("handlers").child(Element::new("list").child(pages).child(front)));
    let security = bean(
        "consoleSecurity",
        "org.eclipse.jetty.security.ConstraintSecurityHandler",
    )
    .child(reference("loginService", "consoleLogin"))
    .child(
        property("authenticator").child(
            Element::new("bean")
                .with(
                    "class",
                    "org.eclipse.jetty.security.authentication.BasicAuthenticator",
                )
                // Otherwise Jetty reads names and passwords as ISO 8859-1, which no browser sends.
                .child(value("charset", "UTF-8")),
        ),
    )
    .child(
        property("constraintMappings")
            .child(Element::new("list").child(Element::new("ref").with("bean", "consoleMapping"))),
    )
    .child(reference("handler", "consoleHandlers"));
    let tls = bean(
        "consoleTls",
        "org.eclipse.jetty.util.ssl.SslContextFactory$Server",
    )
    .child(value("keyStorePath", key_store))
    .child(value("keyStoreType", "PKCS12"))
    .child(value("keyStorePassword", spec.keystore.password.expose()))
    .child(value("includeProtocols", "TLSv1.2,TLSv1.3"));
    let connector = bean(
        "consoleConnector",
        "org.eclipse.jetty.server.ServerConnector",
    )
    .child(Element::new("constructor-arg").with("ref", SERVER_BEAN))
    .child(Element::new("constructor-arg").with("ref", "consoleTls"))
    .child(value("host", &spec.address.to_string()))
    .child(value("port", &CONSOLE_PORT.to_string()));

    let beans = Element::new("beans")
        .with("xmlns", "http://www.springframework.org/schema/beans")
        .with("xmlns:xsi", "http://www.w3.org/2001/XMLSchema-instance")
        .with(
            "xsi:schemaLocation",
            "http://www.springframework.org/schema/beans http://www.springframework.org/schema/beans/spring-beans.xsd",
        )
        .child(bean(SERVER_BEAN, "org.eclipse.jetty.server.Server").with("destroy-method", "stop"))
        .child(login)
        .child(constraint)
        .child(mapping)
        .child(handlers)
        .child(security)
        .child(tls)
        .child(connector)
        .child(
            call("org.apache.activemq.web.config.JspConfigurer.configureJetty", None)
                .child(arguments(&[SERVER_BEAN, "consoleHandlers"])),
        )
        .child(call("setConnectors", Some(SERVER_BEAN)).child(arguments(&["consoleConnector"])))
        .child(call("setHandler", Some(SERVER_BEAN)).child(arguments(&["consoleSecurity"])));
    let mut out = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    beans.write(&mut out)?;
    Ok(out)
}

fn bean(id: &str, class: &str) -> Element {
    Element::new("bean").with("id", id).with("class", class)
}

fn property(name: &str) -> Element {
    Element::new("property").with("name", name)
}

fn value(name: &str, value: &str) -> Element {
    property(name).with("value", value)
}

fn reference(name: &str, bean: &str) -> Element {
    property(name).with("ref", bean)
}

/// A method called while the beans are made: of a bean, or static.
fn call(method: &str, target: Option<&str>) -> Element {
    let bean = Element::new("bean").with(
        "class",
        "org.springframework.beans.factory.config.MethodInvokingFactoryBean",
    );
    match target {
        Some(target) => bean
            .child(reference("targetObject", target))
            .child(value("targetMethod", method)),
        None => bean.child(value("staticMethod", method)),
    }
}

fn arguments(beans: &[&str]) -> Element {
    let mut list = Element::new("list");
    for bean in beans {
        list = list.child(Element::new("ref").with("bean", *bean));
    }
    property("arguments").child(list)
}
