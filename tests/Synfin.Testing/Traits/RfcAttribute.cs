using System.Globalization;
using Xunit.v3;

namespace Synfin.Testing.Traits;

/// <summary>The test covers a section of an RFC. Select with <c>--filter "Rfc=6298 5.7"</c>.</summary>
/// <param name="number">The number of the RFC: 6298.</param>
/// <param name="section">The section: "5.7".</param>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method, AllowMultiple = true)]
public sealed class RfcAttribute(int number, string section) : Attribute, ITraitAttribute
{
    /// <summary>The number of the RFC.</summary>
    public int Number { get; } = number;

    /// <summary>The section.</summary>
    public string Section { get; } = section;

    /// <inheritdoc/>
    public IReadOnlyCollection<KeyValuePair<string, string>> GetTraits() =>
        [new("Rfc", string.Create(CultureInfo.InvariantCulture, $"{Number} {Section}"))];
}
