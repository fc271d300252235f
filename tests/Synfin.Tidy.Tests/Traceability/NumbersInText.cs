using System.Globalization;
using System.Text.RegularExpressions;

namespace Synfin.Tidy.Tests.Traceability;

/// <summary>The order that people expect of names with numbers: "793 3.9" before "6298 5.7" before "6298 5.10".</summary>
internal static partial class NumbersInText
{
    public static IComparer<string> Comparer { get; } = Comparer<string>.Create(Compare);

    private static int Compare(string? a, string? b)
    {
        string[] left = [.. Parts().Matches(a!).Select(m => m.Value)];
        string[] right = [.. Parts().Matches(b!).Select(m => m.Value)];
        foreach ((string x, string y) in left.Zip(right))
        {
            bool numbers = char.IsAsciiDigit(x[0]) && char.IsAsciiDigit(y[0]);
            int order = numbers
                ? int.Parse(x, CultureInfo.InvariantCulture).CompareTo(int.Parse(y, CultureInfo.InvariantCulture))
                : string.CompareOrdinal(x, y);
            if (order != 0) return order;
        }

        return left.Length.CompareTo(right.Length);
    }

    [GeneratedRegex(@"\d+|[^\d]+")]
    private static partial Regex Parts();
}
