namespace Synfin.Linux.Tests.EngineTests;

/// <summary>Who opens a connection actively.</summary>
public enum Opener
{
    /// <summary>The kernel connects to a listener of Synfin.</summary>
    Kernel,

    /// <summary>Synfin connects to a listener of the kernel.</summary>
    Synfin,
}
