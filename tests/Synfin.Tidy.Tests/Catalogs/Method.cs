namespace Synfin.Tidy.Tests.Catalogs;

/// <summary>A way in which it is shown that the engine does as the RFCs say.</summary>
/// <param name="Name">What it is called, with a link to the page that explains it.</param>
/// <param name="Shows">What holds if it passes.</param>
/// <param name="How">How that is found out.</param>
/// <param name="Command">What runs it.</param>
/// <param name="Time">Processor time that it takes on one of today's machines, about.</param>
public sealed record Method(string Name, string Shows, string How, string Command, string Time);
