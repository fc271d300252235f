using System.Text.Json.Serialization;

namespace Synfin.Linux.Status;

/// <summary>How reports are written and read without reflection.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(StatusRequest))]
[JsonSerializable(typeof(StatusLine))]
internal sealed partial class StatusJson : JsonSerializerContext;

/// <summary>What a client asks: one line.</summary>
/// <param name="Want">What; "status" is all that there is.</param>
internal sealed record StatusRequest(string? Want);

/// <summary>One line of the answer: exactly one of these is there. The last line is the end, so that one knows that it is whole.</summary>
internal sealed record StatusLine
{
    public HostReport? Host { get; init; }

    public ListenerReport? Listener { get; init; }

    public ConnectionReport? Connection { get; init; }

    public string? Error { get; init; }

    public bool? End { get; init; }
}
