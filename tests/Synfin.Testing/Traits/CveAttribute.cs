using Xunit.v3;

namespace Synfin.Testing.Traits;

/// <summary>A published vulnerability of other stacks is none of ours. Select with <c>--filter "Cve=2019-11477"</c>.</summary>
/// <param name="id">The number without "CVE-": "2019-11477".</param>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method, AllowMultiple = true)]
public sealed class CveAttribute(string id) : Attribute, ITraitAttribute
{
    /// <summary>The number without "CVE-".</summary>
    public string Id { get; } = id;

    /// <inheritdoc/>
    public IReadOnlyCollection<KeyValuePair<string, string>> GetTraits() => [new("Cve", Id)];
}
