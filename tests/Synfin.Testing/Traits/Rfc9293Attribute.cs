using Xunit.v3;

namespace Synfin.Testing.Traits;

/// <summary>The test covers a numbered requirement of RFC 9293 (Appendix B). Select with <c>--filter "Rfc9293=MUST-23"</c>.</summary>
/// <param name="id">MUST-1 to MUST-69, SHLD-1 to SHLD-31, MAY-1 to MAY-18 or REC-1.</param>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method, AllowMultiple = true)]
public sealed class Rfc9293Attribute(string id) : Attribute, ITraitAttribute
{
    /// <summary>The requirement.</summary>
    public string Id { get; } = id;

    /// <inheritdoc/>
    public IReadOnlyCollection<KeyValuePair<string, string>> GetTraits() => [new("Rfc9293", Id)];
}
