using System.Collections.Concurrent;
using System.Runtime.CompilerServices;

[assembly: AssemblyFixture(typeof(Synfin.AspNetCore.Tests.Support.UnobservedExceptions))]
[assembly: CollectionBehavior(DisableTestParallelization = true)] // a hosted network's clock waits for a quiet process

namespace Synfin.AspNetCore.Tests.Support;

/// <summary>A task that failed and that nobody looked at, in any test, fails the run.</summary>
public sealed class UnobservedExceptions : IDisposable
{
    private static readonly ConcurrentQueue<Exception> s_seen = new();

    [ModuleInitializer]
    internal static void Watch() => TaskScheduler.UnobservedTaskException += static (_, e) => s_seen.Enqueue(e.Exception);

    public static void AssertNone()
    {
        for (int i = 0; i < 2; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
        Assert.Empty(s_seen);
    }

    public void Dispose() => AssertNone();
}
