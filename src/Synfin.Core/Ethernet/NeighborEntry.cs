using Synfin.Wire;

namespace Synfin.Ethernet;

/// <summary>A neighbour, as an interface knows it now.</summary>
/// <param name="Address">Its IP address.</param>
/// <param name="Mac">Its Ethernet address; unspecified while <see cref="NeighborState.Incomplete"/>.</param>
/// <param name="State">How sure that is.</param>
/// <param name="IsRouter">Whether it said that it is a router.</param>
public readonly record struct NeighborEntry(InternetAddress Address, MacAddress Mac, NeighborState State, bool IsRouter);
