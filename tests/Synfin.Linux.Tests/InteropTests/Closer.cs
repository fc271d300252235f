namespace Synfin.Linux.Tests.InteropTests;

/// <summary>Who closes first.</summary>
public enum Closer
{
    /// <summary>The kernel's application.</summary>
    Kernel,

    /// <summary>Synfin's application.</summary>
    Synfin,
}
