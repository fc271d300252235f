using System.IO.Pipelines;
using Synfin.Sockets;
using Synfin.Stack;
using TcpConnection = Synfin.Sockets.TcpConnection;
using TcpListener = Synfin.Sockets.TcpListener;

namespace Synfin.Simulation.Tests.EngineTests;

public sealed class PipeExaminingTests : EngineTest
{
    private const int Buffer = 4_096;

    [Fact]
    public void A_reader_that_examines_less_than_before_leaves_the_receive_buffer_its_limit()
    {
        StackOptions stack = new() { ConnectionDefaults = new TcpConnectionOptions { ReceiveBuffer = Buffer } };
        SimulatedNetwork net = SimulatedNetwork.TwoHosts(new SimulationOptions { StackOptions = stack }, TenMilliseconds);
        byte[] text = TextOf(10 * Buffer);
        TcpListener listener = net["b"].Tcp.Listen(null, Port);
        Task reading = net["b"].Run(async () =>
        {
            PipeReader input = new TcpDuplexPipe(await listener.AcceptAsync()).Input;
            ReadResult all = await input.ReadAtLeastAsync(2 * Buffer); // more than the buffer at once
            input.AdvanceTo(all.Buffer.Start, all.Buffer.End);
            all = await input.ReadAsync();
            input.AdvanceTo(all.Buffer.GetPosition(10)); // and now back to the beginning of it
            await Task.Delay(TimeSpan.FromMilliseconds(100), net.TimeProvider); // a turn of the stack, which checks its invariants
            int place = 10;
            while (place < text.Length)
            {
                all = await input.ReadAsync();
                foreach (ReadOnlyMemory<byte> page in all.Buffer)
                {
                    Assert.True(page.Span.SequenceEqual(text.AsSpan(place, page.Length)));
                    place += page.Length;
                }
                input.AdvanceTo(all.Buffer.End);
            }
        });
        net["a"].Run(async () =>
        {
            TcpConnection connection = await net["a"].Tcp.ConnectAsync(net["b"].Address, Port);
            await connection.WriteAsync(text);
            await connection.CompleteWritesAsync();
        });
        net.RunUntilComplete(reading);
        listener.Close();
    }
}
