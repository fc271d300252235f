using System.Text.Json.Serialization;
using Synfin.Linux.Status;

namespace Synfin.Cli.Status;

/// <summary>How reports are written for programs.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(HostReport))]
internal sealed partial class CliJson : JsonSerializerContext;
