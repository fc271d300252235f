using Synfin.Timers;
using Synfin.Wire;

namespace Synfin.Simulation.Tests;

public sealed class RunningTests
{
    [Fact]
    public void Events_of_one_instant_happen_in_the_order_of_planning()
    {
        SimulatedNetwork net = new();
        List<int> order = [];
        Timestamp later = new(5);
        net.At(later, () => order.Add(1));
        net.At(Timestamp.Zero, () => order.Add(0));
        net.At(later, () => order.Add(2));
        net.At(later, () => net.At(later, () => order.Add(4)));
        net.At(later, () => order.Add(3));
        net.RunUntilIdle();
        Assert.Equal([0, 1, 2, 3, 4], order);
        Assert.Equal(later, net.Now);
    }

    [Fact]
    public void Running_for_a_time_leaves_the_clock_at_its_end()
    {
        SimulatedNetwork net = new();
        bool happened = false;
        net.At(new Timestamp(2_000), () => happened = true);
        net.RunFor(new Duration(1_999));
        Assert.False(happened);
        Assert.Equal(1_999, net.Now.Nanoseconds);
        net.RunFor(new Duration(1));
        Assert.True(happened);
    }

    [Fact]
    public void Running_until_a_condition_stops_at_the_instant_when_it_holds()
    {
        SimulatedNetwork net = new();
        int count = 0;
        for (int i = 1; i <= 5; i++) net.At(new Timestamp(i * 100), () => count++);
        net.RunUntil(() => count == 3);
        Assert.Equal(300, net.Now.Nanoseconds);
    }

    [Fact]
    public void Waiting_for_what_never_comes_tells_the_state()
    {
        RawPair pair = new(seed: 77);
        pair.FromA(TcpFlags.Syn, 100);
        SimulationStalledException stalled = Assert.Throws<SimulationStalledException>(() => pair.Net.RunUntil(() => false));
        Assert.Contains("nothing is left to happen", stalled.Message, StringComparison.Ordinal);
        Assert.Contains("seed 77", stalled.Message, StringComparison.Ordinal);
        Assert.Contains("a -> b: 10.0.0.1:1025 > 10.0.0.2:80 SYN seq 100 len 0", stalled.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_limit_of_virtual_time_ends_an_endless_run()
    {
        SimulatedNetwork net = new();
        using ITimer timer = net.TimeProvider.CreateTimer(_ => { }, null, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1));
        Assert.Throws<SimulationStalledException>(() => net.RunUntilIdle(Duration.FromSeconds(100)));
        Assert.Equal(100, net.Now.Seconds);
    }

    [Fact]
    public void Work_that_goes_round_in_circles_at_one_instant_is_found()
    {
        RawPair pair = new(options: new SimulationOptions { MaxEventsPerInstant = 1_000, TrailLength = 4 });
        pair.A.Received = _ => pair.FromA(TcpFlags.Ack);
        pair.B.Received = _ => pair.FromB(TcpFlags.Ack);
        pair.FromA(TcpFlags.Ack);
        SimulationStalledException stalled = Assert.Throws<SimulationStalledException>(() => pair.Net.RunUntilIdle());
        Assert.Contains("goes round in circles", stalled.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Application_code_that_never_rests_is_found()
    {
        SimulatedNetwork net = new(new SimulationOptions { MaxEventsPerInstant = 1_000 });
        bool stop = false;
        net.Start(async () =>
        {
            while (!stop) await Task.Yield();
        });
        Assert.Throws<SimulationStalledException>(() => net.RunUntilIdle());
        stop = true;
    }

    [Fact]
    public void Application_code_is_done_before_time_goes_on()
    {
        SimulatedNetwork net = new();
        List<string> told = [];
        net.At(new Timestamp(10), () => told.Add("later"));
        net.Start(async () =>
        {
            for (int i = 0; i < 3; i++) await Task.Yield();
            told.Add($"application at {net.Now.Nanoseconds}");
        });
        net.RunUntilIdle();
        Assert.Equal(["application at 0", "later"], told);
    }

    [Fact]
    public void What_application_code_throws_surfaces_once()
    {
        SimulatedNetwork net = new(new SimulationOptions { Seed = 5 });
        net.Start(() => throw new InvalidDataException("oh"));
        AggregateException failed = Assert.Throws<AggregateException>(() => net.RunUntilIdle());
        Assert.IsType<InvalidDataException>(Assert.Single(failed.InnerExceptions));
        Assert.Contains("seed 5", failed.Message, StringComparison.Ordinal);
        net.RunUntilIdle();
    }

    [Fact]
    public void The_task_that_is_run_for_throws_its_own_exception()
    {
        SimulatedNetwork net = new();
        Task task = net.Start(async () =>
        {
            await Task.Delay(TimeSpan.FromSeconds(3), net.TimeProvider);
            throw new InvalidDataException("oh");
        });
        Assert.Throws<InvalidDataException>(() => net.RunUntilComplete(task));
        Assert.Equal(3, net.Now.Seconds);
        net.RunUntilIdle();
    }

    [Fact]
    public void A_task_that_cannot_complete_is_told()
    {
        SimulatedNetwork net = new();
        Assert.Throws<SimulationStalledException>(() => net.RunUntilComplete(new TaskCompletionSource().Task));
    }

    [Fact]
    public void A_result_is_returned()
    {
        SimulatedNetwork net = new();
        Assert.Equal(42, net.RunUntilComplete(Answer));

        async Task<int> Answer()
        {
            TaskCompletionSource<int> answer = new();
            net.At(new Timestamp(7), () => answer.SetResult(42));
            return await answer.Task;
        }
    }

    [Fact]
    public void Running_from_within_a_run_is_refused()
    {
        SimulatedNetwork net = new();
        Task task = net.Start(() =>
        {
            net.RunUntilIdle();
            return Task.CompletedTask;
        });
        Assert.Throws<InvalidOperationException>(() => net.RunUntilComplete(task));
    }

    [Fact]
    public void A_call_from_another_thread_is_refused_with_what_to_look_for()
    {
        SimulatedNetwork net = new();
        Exception? caught = null;
        net.At(Timestamp.Zero, () =>
        {
            Thread other = new(() => caught = Record.Exception(() => net.TimeProvider.CreateTimer(_ => { }, null, default, default)));
            other.Start();
            other.Join();
        });
        net.RunUntilIdle();
        Assert.Contains("Task.Run", Assert.IsType<InvalidOperationException>(caught).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_injected_packet_arrives_at_its_time_untouched_by_link_and_rules()
    {
        RawPair pair = new(new SimulatedLinkOptions { Delay = Duration.FromSeconds(1), Loss = 1 });
        pair.Net.AddRule("every segment");
        byte[] packet = RawSegment.From(new FourTuple(pair.A.Address, 1, pair.B.Address, 2)).Build();
        pair.Net.Inject("attacker", pair.B, packet, new Timestamp(500));
        pair.Net.RunUntilIdle();
        PacketRecord record = Assert.Single(pair.B.Inbox);
        Assert.Equal(500, record.Time.Nanoseconds);
        Assert.Equal("attacker", record.Packet.Sender);
    }
}
