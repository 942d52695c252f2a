import {
  create,
  createFileRegistry,
  type DescMessage,
  type FileRegistry,
  type MessageInitShape,
} from "@bufbuild/protobuf";
import {
  type DescriptorProtoSchema,
  Edition,
  type EnumDescriptorProtoSchema,
  type FieldDescriptorProtoSchema,
  FeatureSet_FieldPresence as FieldPresence,
  FieldDescriptorProto_Type as FieldType,
  FileDescriptorProtoSchema,
  FileDescriptorSetSchema,
  FieldDescriptorProto_Label as Label,
  FeatureSet_MessageEncoding as MessageEncoding,
} from "@bufbuild/protobuf/wkt";
import protobufjs from "protobufjs";

type MessageInit = MessageInitShape<typeof DescriptorProtoSchema>;
type FieldInit = MessageInitShape<typeof FieldDescriptorProtoSchema>;
type EnumInit = MessageInitShape<typeof EnumDescriptorProtoSchema>;

/**
 * Makes the descriptor by which `@bufbuild/protobuf` reads a message that `protobufjs` has parsed. All files become one,
 * whose packages are messages without fields, so that full names stay the same.
 */
export function messageDescriptor(message: protobufjs.Type): {
  descriptor: DescMessage;
  registry: FileRegistry;
} {
  const file = create(FileDescriptorProtoSchema, {
    name: "schema.proto",
    syntax: "editions",
    // In an edition every field says whether it has presence, so that files of any syntax can be in one.
    edition: Edition.EDITION_2023,
    ...nestedOf(message.root),
  });
  const registry = createFileRegistry(create(FileDescriptorSetSchema, { file: [file] }));
  const descriptor = registry.getMessage(message.fullName.replace(/^\./, ""));
  if (descriptor === undefined) throw new Error(`it declares no message ${message.fullName}`);
  return { descriptor, registry };
}

function nestedOf(space: protobufjs.NamespaceBase): { messageType: MessageInit[]; enumType: EnumInit[] } {
  const messageType: MessageInit[] = [];
  const enumType: EnumInit[] = [];
  for (const nested of space.nestedArray) {
    if (nested instanceof protobufjs.Enum) {
      const value = Object.entries(nested.values).map(([name, number]) => ({ name, number }));
      enumType.push({ name: nested.name, value });
    } else if (nested instanceof protobufjs.Type) {
      messageType.push(messageOf(nested));
    } else if (nested instanceof protobufjs.Namespace && !(nested instanceof protobufjs.Service)) {
      const { messageType: nestedType, enumType: enums } = nestedOf(nested);
      messageType.push({ name: nested.name, nestedType, enumType: enums });
    }
  }
  return { messageType, enumType };
}

function messageOf(type: protobufjs.Type): MessageInit {
  const oneofs = type.oneofsArray.filter(oneof => !oneof.isProto3Optional);
  const { messageType: nestedType, enumType } = nestedOf(type);
  const entries: MessageInit[] = [];
  const field = type.fieldsArray.map((declared): FieldInit => {
    const oneofIndex = declared.partOf === null ? -1 : oneofs.indexOf(declared.partOf);
    const place = { name: declared.name, number: declared.id, ...(oneofIndex < 0 ? {} : { oneofIndex }) };
    if (!(declared instanceof protobufjs.MapField)) {
      const { label, options } = ruleOf(declared);
      return { ...place, ...typeOf(declared), label, options };
    }
    const name = `${declared.name}Entry`;
    entries.push({
      name,
      options: { mapEntry: true },
      field: [
        { name: "key", number: 1, label: Label.OPTIONAL, type: scalarType(declared.keyType) },
        { name: "value", number: 2, label: Label.OPTIONAL, ...typeOf(declared) },
      ],
    });
    const typeName = `${type.fullName}.${name}`;
    return { ...place, type: FieldType.MESSAGE, typeName, label: Label.REPEATED };
  });
  return {
    name: type.name,
    field,
    enumType,
    nestedType: [...nestedType, ...entries],
    oneofDecl: oneofs.map(({ name }) => ({ name })),
  };
}

function typeOf({ type, resolvedType }: protobufjs.Field): { type: FieldType; typeName?: string } {
  if (resolvedType === null) return { type: scalarType(type) };
  const kind = resolvedType instanceof protobufjs.Enum ? FieldType.ENUM : FieldType.MESSAGE;
  return { type: kind, typeName: resolvedType.fullName };
}

function ruleOf({ repeated, required, hasPresence, delimited }: protobufjs.Field): {
  label: Label;
  options: { features: { fieldPresence?: FieldPresence; messageEncoding?: MessageEncoding } };
} {
  const fieldPresence = required
    ? FieldPresence.LEGACY_REQUIRED
    : hasPresence
      ? FieldPresence.EXPLICIT
      : FieldPresence.IMPLICIT;
  const features = {
    ...(repeated ? {} : { fieldPresence }),
    ...(delimited ? { messageEncoding: MessageEncoding.DELIMITED } : {}),
  };
  return { label: repeated ? Label.REPEATED : Label.OPTIONAL, options: { features } };
}

function scalarType(name: string): FieldType {
  const type = FieldType[name.toUpperCase() as keyof typeof FieldType];
  if (type === undefined) throw new Error(`its type ${JSON.stringify(name)} is not known`);
  return type;
}
