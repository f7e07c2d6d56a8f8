//! The shape of a type, found by letting serde read it from a source that notes what it is asked for and gives everything.

use std::collections::BTreeMap;
use std::fmt;

use serde::de::value::StrDeserializer;
use serde::de::{DeserializeOwned, DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde::forward_to_deserialize_any;

/// What a type is on the wire.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Shape {
    Structure(BTreeMap<String, Shape>),
    List(Box<Shape>),
    Map(Box<Shape>),
    Text,
    Integer,
    Flag,
    /// Not asked for yet.
    Unknown,
}

/// The shape of `T`.
pub(crate) fn shape_of<T: DeserializeOwned>() -> Shape {
    let mut shape = Shape::Unknown;
    T::deserialize(Tracer(&mut shape)).expect("a type that reads from a source with everything");
    shape
}

#[derive(Debug)]
pub(crate) struct NotTraced(String);

impl fmt::Display for NotTraced {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for NotTraced {}

impl serde::de::Error for NotTraced {
    fn custom<T: fmt::Display>(message: T) -> NotTraced {
        NotTraced(message.to_string())
    }
}

struct Tracer<'a>(&'a mut Shape);

impl<'de> Deserializer<'de> for Tracer<'_> {
    type Error = NotTraced;

    fn deserialize_any<V: Visitor<'de>>(self, _visitor: V) -> Result<V::Value, NotTraced> {
        Err(NotTraced("a type of no wire shape".into()))
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, NotTraced> {
        let mut shapes = BTreeMap::new();
        let value = visitor.visit_map(Fields {
            left: fields,
            shapes: &mut shapes,
        });
        *self.0 = Shape::Structure(shapes);
        value
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, NotTraced> {
        visitor.visit_some(self)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        visitor: V,
    ) -> Result<V::Value, NotTraced> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, NotTraced> {
        let mut element = Shape::Unknown;
        let value = visitor.visit_seq(One {
            shape: &mut element,
            given: false,
        });
        *self.0 = Shape::List(Box::new(element));
        value
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, NotTraced> {
        let mut element = Shape::Unknown;
        let value = visitor.visit_map(One {
            shape: &mut element,
            given: false,
        });
        *self.0 = Shape::Map(Box::new(element));
        value
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, NotTraced> {
        *self.0 = Shape::Text;
        visitor.visit_str("")
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, NotTraced> {
        self.deserialize_str(visitor)
    }

    fn deserialize_i64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, NotTraced> {
        *self.0 = Shape::Integer;
        visitor.visit_i64(0)
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, NotTraced> {
        *self.0 = Shape::Flag;
        visitor.visit_bool(false)
    }

    forward_to_deserialize_any! {
        i8 i16 i32 i128 u8 u16 u32 u64 u128 f32 f64 char bytes byte_buf unit unit_struct tuple tuple_struct enum identifier
        ignored_any
    }
}

struct Fields<'a> {
    left: &'static [&'static str],
    shapes: &'a mut BTreeMap<String, Shape>,
}

impl<'de> MapAccess<'de> for Fields<'_> {
    type Error = NotTraced;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, NotTraced> {
        match self.left.first() {
            Some(name) => seed.deserialize(StrDeserializer::new(name)).map(Some),
            None => Ok(None),
        }
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, NotTraced> {
        let (name, left) = self.left.split_first().expect("a key was given");
        self.left = left;
        let mut shape = Shape::Unknown;
        let value = seed.deserialize(Tracer(&mut shape));
        self.shapes.insert((*name).to_owned(), shape);
        value
    }
}

/// One element, or one entry.
struct One<'a> {
    shape: &'a mut Shape,
    given: bool,
}

impl<'de> SeqAccess<'de> for One<'_> {
    type Error = NotTraced;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, NotTraced> {
        if std::mem::replace(&mut self.given, true) {
            return Ok(None);
        }
        seed.deserialize(Tracer(self.shape)).map(Some)
    }
}

impl<'de> MapAccess<'de> for One<'_> {
    type Error = NotTraced;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, NotTraced> {
        if std::mem::replace(&mut self.given, true) {
            return Ok(None);
        }
        seed.deserialize(StrDeserializer::new("key")).map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, NotTraced> {
        seed.deserialize(Tracer(self.shape))
    }
}
