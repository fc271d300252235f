using Xunit;

namespace Synfin.Cli.Tests.Http;

/// <summary>Tests of hosted networks run alone: their virtual time goes on when the process is at rest.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class HttpWorlds
{
    /// <summary>The collection's name.</summary>
    public const string Name = "HTTP worlds";
}
