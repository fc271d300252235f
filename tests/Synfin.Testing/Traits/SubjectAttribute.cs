using System.Globalization;
using Xunit.v3;

namespace Synfin.Testing.Traits;

/// <summary>The test proves a statement about TCP's opening and closing. Select with <c>--filter "Subject=9"</c>.</summary>
/// <param name="statement">The number of the statement, from 1.</param>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method, AllowMultiple = true)]
public sealed class SubjectAttribute(int statement) : Attribute, ITraitAttribute
{
    /// <summary>The number of the statement.</summary>
    public int Statement { get; } = statement;

    /// <inheritdoc/>
    public IReadOnlyCollection<KeyValuePair<string, string>> GetTraits() =>
        [new("Subject", Statement.ToString(CultureInfo.InvariantCulture))];
}
