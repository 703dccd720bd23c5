"""A synthetic bank: deterministic landing data of any size with a planted truth. `__main__` is the command line.

How it works: customers are simulated in blocks, month by month, as numpy arrays. Each month the modules of behaviour
put bookings into a `journal`; the `ledger` orders them, keeps balances above their limits, adds reversals and computes
`balance_after`; `dirt` is the one door through which rows reach the landing. Every random number has an address
(`randomness`), so that neither the block size nor the number of months changes what happens: another month only adds.

    parameters*, archetypes, habits   every rate, share and amount
    fates                             the planted truth; `truth` writes it, apart from the landing
    people, customers, holders        who the customers are, their records, who holds what
    income, spending, terms, lending, investments, transfers, market, crm       what happens
    accounts, journal, ledger, block, simulation                                the machinery
    dirt*                             what is wrong with the rows
    late*                             late and corrected facts for an existing landing
    schema, columns, layout, writers  tables, Arrow columns, forms, files
"""
