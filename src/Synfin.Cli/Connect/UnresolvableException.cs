namespace Synfin.Cli.Connect;

/// <summary>A name was given, and nobody is there who knows names: the command line lacks something.</summary>
internal sealed class UnresolvableException(string message) : Exception(message);
