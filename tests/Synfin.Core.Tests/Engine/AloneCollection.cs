using Xunit;

namespace Synfin.Core.Tests.Engine;

/// <summary>Tests that measure memory run while no others do.</summary>
[CollectionDefinition("Alone", DisableParallelization = true)]
public sealed class AloneCollection;
