using System.Globalization;
using Xunit.v3;

namespace Synfin.Testing.Traits;

/// <summary>The test covers a row of the table of threats. Select with <c>--filter "Threat=43"</c>.</summary>
/// <param name="row">The number of the row, from 1.</param>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method, AllowMultiple = true)]
public sealed class ThreatAttribute(int row) : Attribute, ITraitAttribute
{
    /// <summary>The number of the row.</summary>
    public int Row { get; } = row;

    /// <inheritdoc/>
    public IReadOnlyCollection<KeyValuePair<string, string>> GetTraits() =>
        [new("Threat", Row.ToString(CultureInfo.InvariantCulture))];
}
