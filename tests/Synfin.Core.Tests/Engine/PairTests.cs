using Synfin.Tcp;
using Synfin.Testing;
using Synfin.Timers;
using Xunit;

namespace Synfin.Core.Tests.Engine;

/// <summary>The life of a connection between two stacks on a perfect wire.</summary>
public sealed class PairTests
{
    [Fact]
    public void A_connection_opens_carries_data_both_ways_and_closes()
    {
        var pair = new Pair();
        (TcpConnection a, TcpConnection b) = pair.Connect();
        Assert.Equal(TcpState.Established, a.State);
        Assert.Equal(TcpState.Established, b.State);

        Assert.Equal(TcpError.None, a.Send("hello"u8, pair.Now, out int sent));
        Assert.Equal(5, sent);
        pair.Run(Duration.FromSeconds(1));
        byte[] buffer = new byte[100];
        Assert.Equal(TcpError.None, b.Receive(buffer, pair.Now, out int received));
        Assert.Equal("hello"u8, buffer.AsSpan(0, received));

        Assert.Equal(TcpError.None, a.Close(pair.Now));
        pair.Run(Duration.FromMilliseconds(1));
        Assert.Equal(TcpState.FinWait2, a.State);
        Assert.Equal(TcpState.CloseWait, b.State);
        Assert.Equal(TcpError.None, b.Receive(buffer, pair.Now, out received));
        Assert.Equal(0, received);
        Assert.Equal(TcpError.None, b.Close(pair.Now));
        pair.Run(Duration.FromMilliseconds(1));
        Assert.Equal(TcpState.TimeWait, a.State);
        Assert.Equal(TcpState.Closed, b.State);
        pair.Run(Duration.FromSeconds(60));
        Assert.Equal(TcpState.Closed, a.State);
        Assert.Equal(0, pair.A.TimeWaitCount + pair.A.ConnectionCount + pair.B.ConnectionCount + pair.A.PagesInUse + pair.B.PagesInUse);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(10)]
    [InlineData(3)]
    public void A_megabyte_arrives_whole_whatever_is_lost(int everyNth)
    {
        var pair = new Pair();
        (TcpConnection a, TcpConnection b) = pair.Connect();
        int count = 0;
        if (everyNth > 0) pair.Lose = (_, _, _) => ++count % everyNth == 0;
        byte[] data = new byte[1_000_000];
        for (int i = 0; i < data.Length; i++) data[i] = (byte)(i * 31 + (i >> 8));
        byte[] got = new byte[data.Length];
        int written = 0, read = 0;
        for (int turn = 0; turn < 100_000 && read < data.Length; turn++)
        {
            a.Send(data.AsSpan(written), pair.Now, out int sent);
            written += sent;
            pair.Run(Duration.FromMilliseconds(50));
            b.Receive(got.AsSpan(read), pair.Now, out int received);
            read += received;
        }
        Assert.Equal(data.Length, read);
        Assert.True(data.AsSpan().SequenceEqual(got));
    }
}
