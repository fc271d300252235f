namespace Synfin.Tidy.Tests.Catalogs;

/// <summary>A statement about opening and closing that Synfin must show to be true.</summary>
/// <param name="Number">From "1".</param>
/// <param name="Text">The statement, in a line.</param>
/// <param name="Scenarios">The scenarios of <c>synfin demo</c> in which one sees it.</param>
/// <param name="WhyNoScenario">Where else it is seen, or when; only if there is no scenario.</param>
/// <param name="WhyNoTest">Why no test names it; only if none does.</param>
public sealed record Statement(
    string Number, string Text, IReadOnlyList<string> Scenarios, string WhyNoScenario = "", string? WhyNoTest = null);
