using Synfin.Runtime.Tests.EngineTests;
using Synfin.Telemetry;
using Xunit;

namespace Synfin.Runtime.Tests.TelemetryTests;

/// <summary>Two hosts and a hub that tells of these two alone. The wire takes 5 ms each way.</summary>
public abstract class TelemetryTest : EngineTest, IDisposable
{
    private protected TelemetryTest()
    {
        Hub = new TelemetryHub();
        Hub.Watch(Hosts.A.Engine);
        Hub.Watch(Hosts.B.Engine);
        Hub.SetEpoch(Hosts.A.Engine, Epoch);
        Hub.SetEpoch(Hosts.B.Engine, Epoch);
    }

    private protected static DateTimeOffset Epoch { get; } = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private protected TelemetryHub Hub { get; }

    public void Dispose()
    {
        Hub.Dispose();
        GC.SuppressFinalize(this);
    }

    private protected void AssertNobodyWatches()
    {
        Assert.Null(Hosts.A.Engine.Observer);
        Assert.Null(Hosts.B.Engine.Observer);
    }
}
