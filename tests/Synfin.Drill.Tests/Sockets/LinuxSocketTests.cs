using Synfin.Drill.Sockets;

namespace Synfin.Drill.Tests.Sockets;

/// <summary>Linux's socket calls over the engine: each row of the table is one story.</summary>
public sealed class LinuxSocketTests
{
    [Theory]
    [MemberData(nameof(LinuxRows.All), MemberType = typeof(LinuxRows))]
    public void Calls_return_what_Linux_returns(string row)
    {
        using var world = new EngineWorld(KernelKind.Linux);
        Assert.Equal(row, new SocketStory(world).Tell(row));
    }
}
