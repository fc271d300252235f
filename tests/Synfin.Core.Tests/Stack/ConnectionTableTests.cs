using Synfin.Stack;
using Synfin.Wire;
using Xunit;

namespace Synfin.Core.Tests.Stack;

public sealed class ConnectionTableTests
{
    [Fact]
    public void It_does_what_a_dictionary_does()
    {
        var random = new Random(9293);
        var table = new ConnectionTable(Tuples.Secret);
        var model = new Dictionary<FourTuple, Node>();
        for (int step = 0; step < 50_000; step++)
        {
            FourTuple tuple = Tuples.Any(random);
            Node? expected = model.GetValueOrDefault(tuple);
            Assert.Same(expected, table.Find(in tuple));
            if (expected is not null)
            {
                table.Remove(expected);
                model.Remove(tuple);
            }
            else if (random.Next(3) > 0)
            {
                model[tuple] = new Node(tuple);
                table.Add(model[tuple]);
            }
            Assert.Equal(model.Count, table.Count);
        }
    }

    [Fact]
    public void It_finds_everything_at_each_size_while_it_grows()
    {
        var table = new ConnectionTable(Tuples.Secret);
        var nodes = new List<Node>();
        for (int i = 0; i < 20_000; i++)
        {
            nodes.Add(new Node(i % 2 == 0 ? Tuples.V4(i) : Tuples.V6(i)));
            table.Add(nodes[i]);
            // One that has just moved or is about to, and one of any age.
            Assert.Same(nodes[i], table.Find(in nodes[i].Key));
            Assert.Same(nodes[i / 2], table.Find(in nodes[i / 2].Key));
        }
        foreach (Node node in nodes) Assert.Same(node, table.Find(in node.Key, table.Hash(in node.Key)));
        foreach (Node node in nodes) table.Remove(node);
        Assert.Equal(0, table.Count);
        foreach (Node node in nodes) Assert.Null(table.Find(in node.Key));
    }

    [Fact]
    public void Names_that_differ_in_one_part_only_are_kept_apart()
    {
        FourTuple tuple = Tuples.V6(1);
        var table = new ConnectionTable(Tuples.Secret);
        table.Add(new Node(tuple));
        FourTuple[] others =
        [
            tuple.Reversed,
            tuple with { LocalPort = 1 },
            tuple with { RemotePort = 1 },
            tuple with { LocalAddress = new InternetAddress(tuple.LocalAddress.High, 99) },
            tuple with { LocalAddress = new InternetAddress(99, tuple.LocalAddress.Low) },
            tuple with { RemoteAddress = new InternetAddress(tuple.RemoteAddress.High, 99) },
            tuple with { RemoteAddress = new InternetAddress(99, tuple.RemoteAddress.Low) },
        ];
        var node = new Node(tuple);
        foreach (FourTuple other in others)
        {
            FourTuple copy = other;
            Assert.False(node.Is(in copy));
            Assert.Null(table.Find(in copy));
        }
    }

    [Fact]
    [Trait("Threat", "49")]
    [Trait("Cve", "2023-1206")]
    public void Names_that_collide_under_one_key_do_not_under_another()
    {
        // 200 names of one bucket of 4,096 under a known key fall all over the place under the key that nobody knows.
        var known = new ConnectionTable(Tuples.OtherSecret);
        var table = new ConnectionTable(Tuples.Secret);
        var buckets = new HashSet<uint>();
        int found = 0;
        for (int i = 0; found < 200; i++)
        {
            FourTuple tuple = Tuples.V6(i);
            if (known.Hash(in tuple) % 4_096 != 0) continue;
            buckets.Add(table.Hash(in tuple) % 4_096);
            found++;
        }
        Assert.InRange(buckets.Count, 185, 200);
    }

    [Fact]
    [Trait("Threat", "49")]
    public void Neighbouring_names_spread_evenly()
    {
        var counts = new int[1_024];
        var table = new ConnectionTable(Tuples.Secret);
        for (int i = 0; i < 200_000; i++)
        {
            FourTuple tuple = i % 2 == 0 ? Tuples.V4(i) : Tuples.V6(i);
            counts[table.Hash(in tuple) % 1_024]++;
        }
        // 1,023 degrees of freedom: the standard deviation is 45.
        Assert.InRange(Tuples.ChiSquare(counts), 823, 1_223);
    }

    [Fact]
    public void A_lookup_allocates_nothing()
    {
        var table = new ConnectionTable(Tuples.Secret);
        for (int i = 0; i < 5_000; i++) table.Add(new Node(Tuples.V4(i)));
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 10_000; i++)
        {
            FourTuple tuple = Tuples.V4(i);
            table.Find(in tuple);
        }
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    private sealed class Node : TableNode
    {
        public Node(FourTuple key) => Key = key;
    }
}
